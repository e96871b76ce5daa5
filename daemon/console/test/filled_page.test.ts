import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from '../src/api/types';
import { filledPage } from '../src/logic/filled_page';

// A list whose pages are as short as they are given.
function listOf(pages: string[][]) {
  const asked: [string, number][] = [];
  const load = (cursor: string, limit: number): Promise<Page<string>> => {
    asked.push([cursor, limit]);
    const at = cursor === '' ? 0 : Number(cursor);
    return Promise.resolve({
      items: (pages[at] ?? []).slice(0, limit),
      next: at + 1 < pages.length ? String(at + 1) : null,
    });
  };
  return { asked, load };
}

test('a full page is asked for once', async () => {
  const { asked, load } = listOf([['a', 'b'], ['c']]);
  assert.deepEqual(await filledPage(load, '', 2), { items: ['a', 'b'], next: '1' });
  assert.deepEqual(asked, [['', 2]]);
});

test('short and empty pages are filled from those behind them', async () => {
  const { asked, load } = listOf([['a'], [], ['b', 'c'], ['d']]);
  assert.deepEqual(await filledPage(load, '', 3), { items: ['a', 'b', 'c'], next: '3' });
  assert.deepEqual(asked, [
    ['', 3],
    ['1', 2],
    ['2', 2],
  ]);
});

test('the end of the list ends a short page', async () => {
  const { load } = listOf([[], ['a']]);
  assert.deepEqual(await filledPage(load, '', 9), { items: ['a'], next: null });
});

test('what takes too long is shown as far as it is', async () => {
  const { load } = listOf([[], [], [], []]);
  let time = 0;
  assert.deepEqual(await filledPage(load, '', 9, () => (time += 1600)), { items: [], next: '2' });
});
