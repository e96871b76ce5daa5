import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../src/api/types';
import { counterRates } from '../src/logic/counter_rates';
import { newFailures, newestFirst, withFailures } from '../src/logic/job_log';
import { changedPairs, pairsOf } from '../src/logic/pairs';
import { chartPaths, thinned, untilLastChange } from '../src/logic/progress_chart';
import { sameValue, valueText } from '../src/logic/value_text';
import { pathOfField, readYaml } from '../src/pages/templates/template_yaml';

test('rates of counters, which begin anew with the gateway', () => {
  const before = { at: 1000, counters: { commits: 100, acked: 500 } };
  const rows = counterRates(before, { at: 3000, counters: { commits: 150, acked: 3, sent: 1 } });
  assert.deepEqual(
    rows.map(({ perSecond }) => perSecond),
    [25, null, null],
  );
  assert.equal(counterRates(null, before)[0]?.perSecond, null);
});

test('the log says what failed since, and joins what belongs together', () => {
  const outcome = (count: number) =>
    ({ outcomes: [{ status: 'Failed', reason: 'rejected', message: 'door open', count }] }) as Job;
  const first = newFailures(outcome(2), outcome(5), '2026-01-01T00:00:00.000Z');
  assert.deepEqual(
    first.map(({ count }) => count),
    [3],
  );
  assert.deepEqual(newFailures(outcome(5), outcome(5), ''), []);
  const second = newFailures(outcome(5), outcome(6), '2026-01-01T00:00:10.000Z');
  const third = newFailures(outcome(6), outcome(7), '2026-01-01T00:01:00.000Z');
  assert.deepEqual(
    withFailures(withFailures(first, second), third).map(({ count }) => count),
    [1, 4],
  );
  assert.deepEqual(
    newestFirst([{ at: '1', text: 'a' }], [{ at: '2', text: 'b' }]).map(({ text }) => text),
    ['b', 'a'],
  );
});

test('tags are sent as what changed, and keep their types', () => {
  const tags = { site: 'oslo', floor: 2, code: '007', spare: true };
  assert.deepEqual(changedPairs(tags, pairsOf(tags)), {});
  const edited = pairsOf(tags)
    .filter(({ name }) => name !== 'spare')
    .map((pair) => (pair.name === 'floor' ? { ...pair, text: '3' } : pair));
  assert.deepEqual(changedPairs(tags, [...edited, { name: 'note', text: 'by the door' }]), {
    spare: null,
    floor: 3,
    note: 'by the door',
  });
});

test('a text that looks like a number stays a text', () => {
  assert.deepEqual(changedPairs({ code: '12' }, pairsOf({ code: '12' })), {});
});

test('values are the same whatever the order of their members', () => {
  assert.ok(sameValue({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }));
  assert.ok(!sameValue({ a: 1 }, { a: 1, b: 2 }));
  assert.ok(!sameValue(1, '1'));
  assert.equal(valueText(null), '–');
  assert.equal(valueText('eco'), 'eco');
});

test('the picture stacks failed on succeeded, and stays small', () => {
  const sample = (at: number, succeeded: number, failed: number) => ({
    at: new Date(at).toISOString(),
    succeeded,
    failed,
    pending: 0,
  });
  const paths = chartPaths([sample(0, 0, 0), sample(1000, 50, 10)], 0, 2000, 100, 200, 100);
  assert.equal(paths.succeeded, 'M0,100 L0,100 100,50 L100,100 Z');
  assert.equal(paths.edge, 'M0,100 100,40');
  assert.equal(chartPaths([], 0, 1, 0, 1, 1).succeeded, '');
  const many = Array.from({ length: 481 }, (_, index) => sample(index, index, 0));
  assert.ok(thinned(many).length < 300);
  assert.equal(thinned(many).at(-1)?.succeeded, 480);
  const still = [sample(0, 0, 0), sample(1, 5, 0), sample(2, 5, 0), sample(3, 5, 0)];
  assert.equal(untilLastChange(still).length, 2);
  assert.deepEqual(untilLastChange([]), []);
});

test('a mistake in a template is at its line', () => {
  const read = readYaml('name: fan\nsettings:\n  speed:\n    schema:\n      type: integer\n');
  assert.deepEqual(pathOfField('settings.speed.enum[2]'), ['settings', 'speed', 'enum', 2]);
  assert.equal(read.lineOf('settings.speed.schema.type'), 5);
  assert.equal(read.lineOf('settings.speed.title'), 4);
  assert.equal(read.lineOf('nothing'), 1);
  assert.deepEqual(
    readYaml('name: [').mistakes.map(({ line }) => line),
    [1],
  );
  assert.equal(readYaml('- 1').document, null);
  assert.equal(
    readYaml('light: off').document &&
      (readYaml('light: off').document as unknown as { light: unknown }).light,
    'off',
  );
});
