import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratePerSecond, rateText, timeLeft } from '../src/logic/rate';

const samples = (...done: number[]) => done.map((count, second) => ({ at: 1000 * second, done: count }));

test('the rate is that of the last ten seconds', () => {
  assert.equal(ratePerSecond(samples(0, 100, 200), 2000), 100);
  const slow = [
    ...samples(0, 1000),
    ...Array.from({ length: 20 }, (_, i) => ({ at: 2000 + 1000 * i, done: 1000 + 10 * i })),
  ];
  assert.equal(ratePerSecond(slow, 21_000), 10);
});

test('too little to tell is not a rate', () => {
  assert.equal(ratePerSecond([], 0), null);
  assert.equal(ratePerSecond(samples(5), 500), null);
});

test('a job that stands still slows down to nothing', () => {
  const still = samples(0, 100);
  assert.equal(ratePerSecond(still, 5000), 20);
  assert.equal(ratePerSecond([...still, { at: 60_000, done: 100 }], 60_000), 0);
});

test('a job that is run again is measured anew', () => {
  assert.equal(
    ratePerSecond(
      [
        { at: 0, done: 500 },
        { at: 1000, done: 10 },
        { at: 3000, done: 30 },
      ],
      3000,
    ),
    10,
  );
});

test('the time left follows, where it can be said', () => {
  assert.equal(timeLeft(100, 10), 10_000);
  assert.equal(timeLeft(0, null), 0);
  assert.equal(timeLeft(100, 0), null);
  assert.equal(timeLeft(100, null), null);
  assert.equal(rateText(3.14159), '3.1/s');
  assert.equal(rateText(1234.5), '1235/s');
  assert.equal(rateText(null), '–');
});
