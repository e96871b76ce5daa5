import { useEffect, useRef, useState } from 'preact/hooks';
import { getJob } from '../../api/jobs';
import type { Job } from '../../api/types';
import { isDrift, loadDrift } from '../../logic/drift_store';
import { newFailures, withFailures, type FailuresSeen } from '../../logic/job_log';
import { durationText } from '../../logic/times';
import { operationWord, typeName } from '../../logic/words';
import { useLive } from '../../live/use_live';
import { useResource } from '../../live/use_resource';
import { ErrorNote, Note, Skeleton } from '../../ui/notes';
import { PageFrame } from '../../ui/page';
import { StatusBadge } from '../../ui/status';
import { valueText } from '../../logic/value_text';
import { DriftNote } from '../../ui/drift_note';
import { ExecutionTable } from './execution_table';
import { FailureGroups } from './failure_groups';
import { JobActions } from './job_actions';
import { JobLog } from './job_log_list';
import { JobProgress } from './job_progress';

function useJob(id: number) {
  const resource = useResource((signal) => getJob(id, signal).then(({ body }) => body), `job ${id}`);
  const [deleted, setDeleted] = useState(false);
  const [seen, setSeen] = useState<FailuresSeen[]>([]);
  const before = useRef<Job | null>(null);
  const missed = useRef(false);
  const { data } = resource;
  useEffect(() => {
    if (data && before.current && before.current.outcomes !== data.outcomes) {
      const more = newFailures(before.current, data, new Date().toISOString());
      if (more.length > 0) setSeen((old) => withFailures(old, more));
    }
    if (data) before.current = data;
    if (data && missed.current) {
      missed.current = false;
      resource.refresh();
    }
  }, [data]);
  useLive({
    // State and tally are drawn at once; what an event does not hold (outcomes) is asked for.
    job: (job) => {
      if (job.job !== id) return;
      if (!data) {
        // The answer that is on its way may be older than this.
        missed.current = true;
        return;
      }
      resource.set({ ...data, ...job });
      resource.refresh();
    },
    'job-deleted': ({ job }) => {
      if (job === id) setDeleted(true);
    },
  });
  return { ...resource, job: data, deleted, seen };
}

export function JobPage({ job: id }: { job: number }) {
  const { job, error, reload, deleted, seen } = useJob(id);
  const above = <a href="/jobs">‹ Jobs</a>;
  if (!job) {
    return (
      <PageFrame title={`Job ${id}`} above={above}>
        {error ? <ErrorNote error={error} retry={reload} /> : <Skeleton lines={6} />}
      </PageFrame>
    );
  }
  const drift = job.status === 'Pending' ? loadDrift(job.job, job.drift) : null;
  const heading = (
    <>
      {job.name} <span class="id">#{job.job}</span>
    </>
  );
  return (
    <PageFrame
      title={job.name}
      heading={heading}
      above={above}
      actions={<JobActions job={job} reload={reload} deleted={deleted} />}
    >
      {deleted ? (
        <Note kind="warning" alert>
          This job was deleted.
        </Note>
      ) : null}
      {error ? <ErrorNote error={error} retry={reload} /> : null}
      {drift && isDrift(drift) ? <DriftNote drift={drift} /> : null}
      <Overview job={job} />
      <JobProgress job={job} />
      <FailureGroups job={job} />
      <ExecutionTable job={job} />
      <JobLog job={job} seen={seen} />
    </PageFrame>
  );
}

function Overview({ job }: { job: Job }) {
  return (
    <section class="panel overview" aria-label="Details">
      <p class="overview-status">
        <StatusBadge status={job.status} /> {job.detail ? <span class="muted">{job.detail}</span> : null}
      </p>
      {job.description ? <p class="description">{job.description}</p> : null}
      <dl class="facts">
        <div>
          <dt>Type</dt>
          <dd>{typeName(job.type)}</dd>
        </div>
        <div>
          <dt>Device set</dt>
          <dd>
            <a href={`/device-sets/${encodeURIComponent(job.set)}`}>{job.set}</a>
          </dd>
        </div>
        <div>
          <dt>Selection</dt>
          <dd>{selectionText(job)}</dd>
        </div>
        {job.template ? (
          <div>
            <dt>Template</dt>
            <dd>
              <a href={`/templates/${encodeURIComponent(job.template.name)}`}>{job.template.name}</a>{' '}
              <span class="muted">version {job.template.version}</span>
            </dd>
          </div>
        ) : null}
        {job.parent ? (
          <div>
            <dt>Rerun of</dt>
            <dd>
              <a href={`/jobs/${job.parent}`}>job {job.parent}</a>
            </dd>
          </div>
        ) : null}
        <div>
          <dt>Policy</dt>
          <dd>{policyText(job)}</dd>
        </div>
        <div class="facts-wide">
          <dt>Operations</dt>
          <dd>
            <Operations job={job} />
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Operations({ job }: { job: Job }) {
  return (
    <ul class="operations-shown" aria-label={`Each ${operationWord(job.type)}`}>
      {job.operations.map((operation, index) => (
        <li key={index}>
          <code>{operation.name}</code>
          {job.type === 'commands' ? (
            argumentsText(operation.args ?? {})
          ) : (
            <>
              {' '}
              = <code>{valueText(operation.value)}</code>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function argumentsText(args: NonNullable<Job['operations'][number]['args']>): string {
  const names = Object.keys(args);
  return names.length === 0
    ? ''
    : ` (${names.map((name) => `${name} = ${valueText(args[name])}`).join(', ')})`;
}

function selectionText({ selection }: Job): string {
  if ('devices' in selection) return `a list of ${selection.devices.length}`;
  const except = selection.except?.length ?? 0;
  return except === 0 ? 'all devices of the set' : `all but ${except}`;
}

function policyText({ policy }: Job): string {
  const parts = [
    policy.timeout_seconds ? `timeout ${durationText(1000 * policy.timeout_seconds)}` : '',
    policy.offline ? `offline devices ${policy.offline}` : '',
    policy.window ? `window ${policy.window}` : '',
  ].filter(Boolean);
  return parts.length === 0 ? 'as usual for its type' : parts.join(', ');
}
