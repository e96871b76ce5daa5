import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countText, durationText, percentText, timeText, utcText } from '../src/logic/times';

test('durations have their two largest units', () => {
  assert.equal(durationText(0), '0 s');
  assert.equal(durationText(40), '0.1 s');
  assert.equal(durationText(440), '0.4 s');
  assert.equal(durationText(65_000), '1 min 5 s');
  assert.equal(durationText(3_600_000), '1 h');
  assert.equal(durationText(86_400_000 + 5_000), '1 d');
  assert.equal(durationText(2 * 86_400_000 + 3 * 3_600_000 + 59_000), '2 d 3 h');
  assert.equal(durationText(59_999), '1 min');
  assert.equal(durationText(-5), '0 s');
});

test('a time is as short as it can be without being ambiguous', () => {
  const now = new Date(2026, 10, 22, 15, 0, 0);
  assert.equal(timeText(new Date(2026, 10, 22, 9, 5, 7), now), '09:05:07');
  assert.equal(timeText(new Date(2026, 0, 3, 9, 5, 7), now), '3 Jan 09:05');
  assert.equal(timeText(new Date(2025, 10, 22, 9, 5, 7), now), '2025-11-22 09:05');
  assert.equal(utcText(new Date('2026-11-22T21:22:32.123Z')), '2026-11-22 21:22:32.123 UTC');
});

test('counts are grouped by threes', () => {
  assert.equal(countText(999), '999');
  assert.equal(countText(1_000_000), '1\u202f000\u202f000');
});

test('100 % is said only of all, 0 % only of nothing', () => {
  assert.equal(percentText(0, 1000), '0 %');
  assert.equal(percentText(1, 1000), '< 1 %');
  assert.equal(percentText(999, 1000), '99 %');
  assert.equal(percentText(1000, 1000), '100 %');
  assert.equal(percentText(0, 0), '0 %');
});
