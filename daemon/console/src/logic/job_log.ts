import type { AuditEntry, Job, ListedJob, Outcome } from '../api/types';
import { plural, reasonName } from './words';

// What happened to a job, newest first: from who did what (the audit log), and from what was seen
// while the page was open.
export interface LogLine {
  at: string;
  text: string;
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
  if (job.ended_at && job.status !== 'Stopped') lines.push({ at: job.ended_at, text: `it ended: ${job.status}` });
  return lines;
}

const keyOf = ({ status, reason, message }: Outcome) => `${status} ${reason ?? ''} ${message}`;

// What changed between two looks at a job, in sentences.
export function linesOfChange(before: Job, after: Job, at: string): LogLine[] {
  const counts = new Map(before.outcomes.map((outcome) => [keyOf(outcome), outcome.count]));
  return after.outcomes
    .filter(({ status }) => status === 'Failed')
    .map((outcome) => ({ outcome, more: outcome.count - (counts.get(keyOf(outcome)) ?? 0) }))
    .filter(({ more }) => more > 0)
    .map(({ outcome, more }) => ({
      at,
      text: `${more} ${plural(more, 'device')} failed: ${reasonName(outcome.reason).toLowerCase()}${outcome.message ? `: ${outcome.message}` : ''}`,
    }));
}

export function newestFirst(...parts: (readonly LogLine[])[]): LogLine[] {
  return parts.flat().sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, most);
}
