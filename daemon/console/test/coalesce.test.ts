import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coalesce } from '../src/logic/coalesce';

function virtualClock() {
  let now = 0;
  const due: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after: (milliseconds: number, run: () => void) => void due.push({ at: now + milliseconds, run }),
    advance(milliseconds: number) {
      now += milliseconds;
      for (const one of due.splice(0)) one.at <= now ? one.run() : due.push(one);
    },
  };
}

test('the first call works at once, a burst once more at the end', () => {
  const clock = virtualClock();
  let done = 0;
  const ask = coalesce(() => (done += 1), 1000, clock);
  ask();
  assert.equal(done, 1);
  for (let i = 0; i < 100; i += 1) ask();
  assert.equal(done, 1);
  clock.advance(1000);
  assert.equal(done, 2);
  clock.advance(5000);
  assert.equal(done, 2);
  ask();
  assert.equal(done, 3);
});
