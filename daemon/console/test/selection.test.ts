import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  choiceOf,
  countOf,
  everything,
  forget,
  isSelected,
  markOfPage,
  markOfSet,
  nothing,
  selectionOf,
  withDevices,
} from '../src/logic/selection';

test('A13: every device of the set is one word, whatever its size', () => {
  assert.deepEqual(selectionOf(everything), { all: true });
  assert.equal(countOf(everything, 1_000_000), 1_000_000);
  assert.equal(markOfSet(everything, 1_000_000), 'all');
});

test('A13: unticking single devices makes exceptions', () => {
  const choice = withDevices(everything, ['b', 'a'], false);
  assert.deepEqual(selectionOf(choice), { all: true, except: ['a', 'b'] });
  assert.equal(isSelected(choice, 'a'), false);
  assert.equal(isSelected(choice, 'c'), true);
  assert.equal(countOf(choice, 10), 8);
  assert.equal(markOfSet(choice, 10), 'some');
  assert.deepEqual(selectionOf(withDevices(choice, ['a', 'b'], true)), { all: true });
});

test('A14: a page selects its own devices and no others', () => {
  const first = withDevices(nothing, ['a', 'b'], true);
  assert.deepEqual(selectionOf(first), { devices: ['a', 'b'] });
  assert.equal(markOfPage(first, ['a', 'b']), 'all');
  assert.equal(markOfPage(first, ['b', 'c']), 'some');
  assert.equal(markOfPage(first, ['c', 'd']), 'none');
  const both = withDevices(first, ['c'], true);
  assert.deepEqual(selectionOf(withDevices(both, ['a', 'b'], false)), { devices: ['c'] });
});

test('an empty page is not selected', () => {
  assert.equal(markOfPage(everything, []), 'none');
});

test('what is gone is forgotten, as listed or as excepted', () => {
  assert.deepEqual(selectionOf(forget(choiceOf({ devices: ['a', 'b'] }), ['b', 'x'])), { devices: ['a'] });
  assert.deepEqual(selectionOf(forget(choiceOf({ all: true, except: ['a'] }), ['a'])), { all: true });
});

test('a change makes a new choice and leaves the old one', () => {
  const before = withDevices(nothing, ['a'], true);
  withDevices(before, ['b'], true);
  assert.equal(countOf(before, 5), 1);
});
