import type { Page } from '../api/types';

// Long enough for a million devices on an idle gateway; then "Next" goes on.
const patience = 3000; // ms

// A page may be short, or empty, while there is more: the gateway looks at a bounded number of rows for
// each (SPEC 7.6). Asks on from where it ended until the page is full, the list has ended, or patience.
export async function filledPage<Item>(
  load: (cursor: string, limit: number) => Promise<Page<Item>>,
  cursor: string,
  limit: number,
  now: () => number = () => performance.now(),
): Promise<Page<Item>> {
  const until = now() + patience;
  let page = await load(cursor, limit);
  while (page.next !== null && page.items.length < limit && now() < until) {
    const more = await load(page.next, limit - page.items.length);
    page = { items: [...page.items, ...more.items], next: more.next };
  }
  return page;
}
