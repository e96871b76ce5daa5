import type { AuditEntry, Job, ListedJob, Outcome } from '../api/types';
import { plural, reasonName } from './words';

// What happened to a job, newest first: from who did what (the audit log), and from what was seen
// while the page was open.
export interface LogLine {
  at: string;
  text: string;
}

export interface FailuresSeen {
  from: string; // when the first of them was seen
  at: string; // and the last
  reason: string | null;
  message: string;
  count: number;
}

const most = 100;

const actions: Record<string, string> = {
  'job/save': 'saved it',
  'job/run': 'ran it',
  'job/stop': 'stopped it',
  'job/copy': 'made it as a copy',
  'job/rerun': 'made it as a rerun',
  'job/delete': 'deleted it',
};

export function linesOfAudit(entries: readonly AuditEntry[]): LogLine[] {
  return entries
    .filter(({ action }) => action in actions)
    .map(({ at, user, action }) => ({ at, text: `${user} ${actions[action]}` }));
}

// What the job itself tells, whether or not there is an audit entry.
export function linesOfJob(job: ListedJob, known: readonly LogLine[]): LogLine[] {
  const lines: LogLine[] = [];
  const has = (at: string) => known.some((line) => Math.abs(Date.parse(line.at) - Date.parse(at)) < 1000);
  if (!has(job.created_at)) lines.push({ at: job.created_at, text: `${job.created_by} created it` });
  if (job.started_at && !has(job.started_at)) lines.push({ at: job.started_at, text: 'it began to run' });
  if (job.ended_at && job.status !== 'Stopped')
    lines.push({ at: job.ended_at, text: `it ended: ${job.status}` });
  return lines;
}

const keyOf = ({ status, reason, message }: Outcome) => `${status} ${reason ?? ''} ${message}`;

// What changed between two looks at a job.
export function newFailures(before: Job, after: Job, at: string): FailuresSeen[] {
  const counts = new Map(before.outcomes.map((outcome) => [keyOf(outcome), outcome.count]));
  return after.outcomes
    .filter(({ status }) => status === 'Failed')
    .map((outcome) => ({ outcome, more: outcome.count - (counts.get(keyOf(outcome)) ?? 0) }))
    .filter(({ more }) => more > 0)
    .map(({ outcome: { reason, message }, more }) => ({ from: at, at, reason, message, count: more }));
}

// Failures of one kind that come within this are one thing that happened.
const togetherMs = 30_000;

export function withFailures(seen: readonly FailuresSeen[], more: readonly FailuresSeen[]): FailuresSeen[] {
  let all = [...seen];
  for (const one of more) {
    const open = all.find(
      ({ from, reason, message }) =>
        reason === one.reason &&
        message === one.message &&
        Date.parse(one.at) - Date.parse(from) < togetherMs,
    );
    const joined = open ? { ...open, at: one.at, count: open.count + one.count } : one;
    all = [joined, ...all.filter((other) => other !== open)];
  }
  return all.slice(0, most);
}

export const linesOfFailures = (seen: readonly FailuresSeen[]): LogLine[] =>
  seen.map(({ at, reason, message, count }) => ({
    at,
    text: `${count} ${plural(count, 'device')} failed: ${reasonName(reason).toLowerCase()}${message ? `: ${message}` : ''}`,
  }));

export function newestFirst(...parts: (readonly LogLine[])[]): LogLine[] {
  return parts
    .flat()
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .slice(0, most);
}
