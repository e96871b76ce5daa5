import { ask, get, pathOf, type Answer, type Query } from './http';
import { filledPage } from '../logic/filled_page';
import type { Drift, Execution, Job, JobSpec, ListedJob, Page, Plan, Progress } from './types';

export interface RerunOf {
  reason?: string;
  message?: string;
  run?: boolean;
}

export const listJobs = (query: Query, signal?: AbortSignal): Promise<Page<ListedJob>> =>
  get('/jobs', query, signal);

export const getJob = (job: number, signal?: AbortSignal): Promise<Answer<Job>> =>
  ask('GET', pathOf('jobs', job), signal ? { signal } : {});

export const getProgress = (job: number, signal?: AbortSignal): Promise<Progress> =>
  get(pathOf('jobs', job, 'progress'), {}, signal);

export const listExecutions = (
  job: number,
  { cursor = '', limit, ...query }: Query & { cursor?: string; limit: number },
  signal?: AbortSignal,
): Promise<Page<Execution>> =>
  filledPage<Execution>(
    (from, most) => get(pathOf('jobs', job, 'devices'), { ...query, cursor: from, limit: most }, signal),
    cursor,
    limit,
  );

type Start = { run?: true; digest?: string };

export const createJob = async (spec: JobSpec & Start, idempotencyKey: string): Promise<Job> =>
  (await ask<Job>('POST', '/jobs', { body: spec, idempotencyKey })).body;

export const saveJob = async (job: number, spec: JobSpec & Start, ifMatch?: string): Promise<Job> =>
  (await ask<Job>('PUT', pathOf('jobs', job), { body: spec, ifMatch })).body;

export const planJob = async (spec: JobSpec, query: Query, signal?: AbortSignal): Promise<Plan> =>
  (await ask<Plan>('POST', '/plan', { body: spec, query, ...(signal ? { signal } : {}) })).body;

export const runJob = async (job: number, idempotencyKey: string): Promise<Job> =>
  (await ask<Job>('POST', pathOf('jobs', job, 'run'), { body: {}, idempotencyKey })).body;

export const stopJob = async (job: number): Promise<Job> =>
  (await ask<Job>('POST', pathOf('jobs', job, 'stop'), { body: {} })).body;

export const copyJob = async (job: number, idempotencyKey: string): Promise<Job & { drift: Drift }> =>
  (await ask<Job & { drift: Drift }>('POST', pathOf('jobs', job, 'copy'), { body: {}, idempotencyKey })).body;

export const rerunJob = async (job: number, of: RerunOf, idempotencyKey: string): Promise<Job> =>
  (await ask<Job>('POST', pathOf('jobs', job, 'rerun'), { body: of, idempotencyKey })).body;

export const deleteJob = async (job: number): Promise<void> => {
  await ask('DELETE', pathOf('jobs', job));
};

// The CSV is fetched by the browser itself, which cannot send a header: the link holds a secret
// that works once.
export async function downloadDetails(job: number): Promise<void> {
  const { body } = await ask<{ url: string }>('POST', '/downloads', { body: { job } });
  const link = document.createElement('a');
  link.href = body.url;
  link.download = `job-${job}.csv`;
  link.click();
}
