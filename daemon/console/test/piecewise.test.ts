import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted, wholePage } from '../src/logic/piecewise';

// Ten devices, of which an answer looks at three and shows those that are even.
const looksAt = 3;
function answer(limit: number, cursor: string) {
  const from = cursor === '' ? 0 : Number(cursor);
  const until = Math.min(from + looksAt, 10);
  const items: number[] = [];
  for (let device = from; device < until; ++device) {
    if (device % 2 === 0) items.push(device);
    if (items.length === limit) return { items, next: device + 1 < 10 ? String(device + 1) : null };
  }
  return { items, next: until < 10 ? String(until) : null };
}

test('short pages are put together until there is a whole one', async () => {
  const asked: [number, string][] = [];
  const page = await wholePage(4, '', (limit, cursor) => {
    asked.push([limit, cursor]);
    return Promise.resolve(answer(limit, cursor));
  });
  assert.deepEqual(page.items, [0, 2, 4, 6]);
  assert.equal(page.next, '7');
  assert.deepEqual(asked[0], [4, '']);
  assert.deepEqual(asked.at(-1), [1, '6']);
});

test('the last page is as short as it is', async () => {
  const page = await wholePage(50, '5', (limit, cursor) => Promise.resolve(answer(limit, cursor)));
  assert.deepEqual(page, { items: [6, 8], next: null });
});

test('a list that never fills a page is left after many questions', async () => {
  let asked = 0;
  const page = await wholePage(5, '', () => Promise.resolve({ items: [], next: String(++asked) }));
  assert.equal(asked, 100);
  assert.equal(page.next, '100');
});

test('a count is asked for until it is exact', async () => {
  let count = 0;
  const ask = () => Promise.resolve({ count: (count += 10), at_least: count < 30 });
  assert.deepEqual(await counted(await ask(), ask), { count: 30, at_least: false });
  assert.deepEqual(await counted<{ count: number; at_least?: boolean }>({ count: 1 }, ask), { count: 1 });
});
