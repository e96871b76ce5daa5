import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldIds } from '../src/logic/fold_ids';

test('runs of numbers fold, in any order', () => {
  assert.equal(foldIds(['fridge-3', 'fridge-1', 'fridge-2', 'fridge-7']), 'fridge-[1-3,7]');
  assert.equal(foldIds(['fridge-9', 'fridge-10', 'fridge-11']), 'fridge-[9-11]');
});

test('one id stays as it is, and none is nothing', () => {
  assert.equal(foldIds(['fridge-12']), 'fridge-12');
  assert.equal(foldIds([]), '');
});

test('leading zeros are kept, and 08 is not 8', () => {
  assert.equal(foldIds(['f-008', 'f-009', 'f-010']), 'f-[008-010]');
  assert.equal(foldIds(['f-08', 'f-8']), 'f-08, f-8');
  assert.equal(foldIds(['f-08', 'f-09', 'f-10', 'f-8']), 'f-8, f-[08-10]');
});

test('ids without a number, and of other names, stand beside', () => {
  assert.equal(foldIds(['press', 'fan-1', 'fan-2', 'gate']), 'fan-[1-2], gate, press');
});

test('digits beyond what a number holds belong to the name', () => {
  const long = 'd-99999999999999999999';
  assert.equal(foldIds([long]), long);
});
