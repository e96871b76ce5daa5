import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../src/api/types';
import { blankDraft, draftOf, newOperation, specOf } from '../src/logic/draft';

const job = (part: Partial<Job>): Job => ({
  job: 1,
  revision: 1,
  name: 'Fan speed 3',
  description: 'Summer',
  set: 'fridges',
  type: 'settings',
  status: 'Pending',
  detail: '',
  tally: { selected: 0, succeeded: 0, failed: 0, pending: 0 },
  template: null,
  parent: null,
  created_by: 'anna',
  created_at: '',
  started_at: null,
  ended_at: null,
  selection: { all: true, except: ['fridge-7'] },
  operations: [{ name: 'fanSpeed', value: 3 }],
  policy: { timeout_seconds: 7200, offline: 'wait', window: 10 },
  outcomes: [],
  ...part,
});

test('A20: opening a saved job and saving it changes nothing', () => {
  const settings = job({});
  const { name, description, set, selection, type, operations, policy } = settings;
  assert.deepEqual(specOf(draftOf(settings)), {
    name,
    description,
    set,
    selection,
    type,
    operations,
    policy,
  });
  const commands = job({
    type: 'commands',
    operations: [{ name: 'defrost', args: { minutes: 10 } }, { name: 'reboot' }],
    policy: {},
  });
  assert.deepEqual(specOf(draftOf(commands)).operations, [
    { name: 'defrost', args: { minutes: 10 } },
    { name: 'reboot', args: {} },
  ]);
  assert.deepEqual(specOf(draftOf(commands)).policy, {});
});

test('a timeout is shown in its largest whole unit', () => {
  assert.deepEqual(draftOf(job({ policy: { timeout_seconds: 86_400 } })).timeout, { count: '1', unit: 'd' });
  assert.deepEqual(draftOf(job({ policy: { timeout_seconds: 90 } })).timeout, { count: '90', unit: 's' });
});

test('what was not entered is not sent', () => {
  const draft = {
    ...blankDraft('fridges'),
    operations: { settings: [newOperation('fanSpeed')], properties: [], commands: [] },
  };
  assert.deepEqual(specOf(draft).operations, [{ name: 'fanSpeed' }]);
  assert.deepEqual(specOf(draft).policy, {});
});

test('each type keeps its own operations', () => {
  const draft = {
    ...blankDraft('fridges'),
    operations: {
      settings: [newOperation('fanSpeed', 3)],
      properties: [],
      commands: [newOperation('reboot', {})],
    },
  };
  assert.equal(specOf(draft).operations[0]?.name, 'fanSpeed');
  assert.equal(specOf({ ...draft, type: 'commands' }).operations[0]?.name, 'reboot');
});
