import type { Page } from '../api/types';

// muster looks at only so many devices for one answer, however many it has. Where few of them pass,
// a page may be short though there is a next one, and a count `at_least` so many. Whoever asks again
// goes on from there; these do, for what is shown on one page.

const mostQuestions = 100;

// A page of `limit` items, or all that are left.
export async function wholePage<Body extends Page<unknown>>(
  limit: number,
  cursor: string,
  ask: (limit: number, cursor: string) => Promise<Body>,
): Promise<Body> {
  let page = await ask(limit, cursor);
  for (let asked = 1; page.next !== null && page.items.length < limit && asked < mostQuestions; ++asked) {
    const more = await ask(limit - page.items.length, page.next);
    page = { ...more, items: [...page.items, ...more.items] };
  }
  return page;
}

// The same answer, once it counts exactly; or what it came to after many questions.
export async function counted<Body extends { at_least?: boolean }>(
  first: Body,
  ask: () => Promise<Body>,
): Promise<Body> {
  let body = first;
  for (let asked = 1; body.at_least && asked < mostQuestions; ++asked) body = await ask();
  return body;
}
