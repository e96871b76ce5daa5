import type { Job, JobSpec, JobType, Json, JsonObject, Operation, Policy } from '../api/types';
import { choiceOf, nothing, selectionOf, type Choice } from './selection';

// A job while it is edited: what the form holds, valid or not.
export interface DraftOperation {
  key: number; // keeps its place on the page when others come and go
  name: string;
  value: Json | undefined; // of commands: the arguments, an object
}

export interface Draft {
  name: string;
  description: string;
  set: string;
  type: JobType;
  // Each type keeps its own, so that looking at another type loses nothing.
  operations: Record<JobType, DraftOperation[]>;
  choice: Choice;
  timeout: { count: string; unit: TimeUnit };
  offline: '' | 'wait' | 'fail';
  window: string;
}

export const timeUnits = { s: 1, min: 60, h: 3600, d: 86_400 } as const;
export type TimeUnit = keyof typeof timeUnits;

let lastKey = 0;
export const newOperation = (name = '', value?: Json): DraftOperation => ({
  key: (lastKey += 1),
  name,
  value,
});

export function blankDraft(set = ''): Draft {
  return {
    name: '',
    description: '',
    set,
    type: 'settings',
    operations: { settings: [], properties: [], commands: [] },
    choice: nothing,
    timeout: { count: '', unit: 's' },
    offline: '',
    window: '',
  };
}

function timeoutOf(seconds: number | undefined): Draft['timeout'] {
  if (seconds === undefined) return { count: '', unit: 's' };
  const unit = (['d', 'h', 'min', 's'] as const).find((one) => seconds % timeUnits[one] === 0) ?? 's';
  return { count: String(seconds / timeUnits[unit]), unit };
}

export function draftOf(job: Job): Draft {
  const blank = blankDraft(job.set);
  return {
    ...blank,
    name: job.name,
    description: job.description,
    type: job.type,
    operations: {
      ...blank.operations,
      [job.type]: job.operations.map(({ name, value, args }) =>
        newOperation(name, job.type === 'commands' ? (args ?? {}) : value),
      ),
    },
    choice: choiceOf(job.selection),
    timeout: timeoutOf(job.policy.timeout_seconds),
    offline: job.policy.offline ?? '',
    window: job.policy.window === undefined ? '' : String(job.policy.window),
  };
}

function policyOf(draft: Draft): Policy {
  const policy: Policy = {};
  if (draft.timeout.count !== '')
    policy.timeout_seconds = Number(draft.timeout.count) * timeUnits[draft.timeout.unit];
  if (draft.offline !== '') policy.offline = draft.offline;
  if (draft.window !== '') policy.window = Number(draft.window);
  return policy;
}

function operationOf(type: JobType, { name, value }: DraftOperation): Operation {
  if (type === 'commands') return { name, args: (value ?? {}) as JsonObject };
  return value === undefined ? { name } : { name, value };
}

// What is sent. The server says what is wrong with it; nothing is checked twice.
export function specOf(draft: Draft): JobSpec {
  return {
    name: draft.name,
    description: draft.description,
    set: draft.set,
    selection: selectionOf(draft.choice),
    type: draft.type,
    operations: draft.operations[draft.type].map((operation) => operationOf(draft.type, operation)),
    policy: policyOf(draft),
  };
}
