import { useState } from 'preact/hooks';
import { getJob } from '../../api/jobs';
import type { Job } from '../../api/types';
import { blankDraft, draftOf, type Draft } from '../../logic/draft';
import { loadDrift, type KeptDrift } from '../../logic/drift_store';
import { forget } from '../../logic/selection';
import { mayOperate } from '../../live/session';
import { useResource } from '../../live/use_resource';
import { Empty, ErrorNote, Note, Skeleton } from '../../ui/notes';
import { PageFrame } from '../../ui/page';
import { parameters } from '../../ui/router';
import { JobForm } from './job_form';

export interface Edited {
  job: number | null;
  etag: string | undefined;
  draft: Draft;
  drift: KeptDrift | null;
}

function editedOf(job: Job, etag: string | undefined): Edited {
  const drift = loadDrift(job.job, job.drift);
  const draft = draftOf(job);
  const gone = [...(drift?.left ?? []), ...(drift?.deleted ?? [])];
  // What has left cannot be targeted: it is shown, and no longer part of a list.
  return {
    job: job.job,
    etag,
    drift,
    draft: draft.choice.all ? draft : { ...draft, choice: forget(draft.choice, gone) },
  };
}

export function EditPage({ job }: { job: number | null }) {
  if (!mayOperate.value) {
    return (
      <PageFrame title="New job">
        <Empty title="Your role may look at jobs, not make them.">
          An operator or admin can. <a href="/jobs">Back to the jobs</a>
        </Empty>
      </PageFrame>
    );
  }
  return job === null ? <NewJob /> : <SavedJob job={job} />;
}

function NewJob() {
  const [edited] = useState<Edited>(() => ({
    job: null,
    etag: undefined,
    draft: blankDraft(parameters.peek().get('set') ?? ''),
    drift: null,
  }));
  return (
    <PageFrame title="New job" above={<a href="/jobs">‹ Jobs</a>}>
      <JobForm edited={edited} />
    </PageFrame>
  );
}

function SavedJob({ job }: { job: number }) {
  const [edited, setEdited] = useState<Edited | null>(null);
  const { data, error, reload } = useResource((signal) => getJob(job, signal), `edit ${job}`);
  const above = <a href={`/jobs/${job}`}>‹ Job {job}</a>;
  // Only the first answer fills the form: what is typed is not to be overwritten by a reconnection.
  if (!edited && data) setEdited(editedOf(data.body, data.etag));
  const title = `Edit job ${job}`;
  if (!edited)
    return (
      <PageFrame title={title} above={above}>
        {error ? <ErrorNote error={error} retry={reload} /> : <Skeleton lines={8} />}
      </PageFrame>
    );
  if (data && data.body.status !== 'Pending') {
    return (
      <PageFrame title={title} above={above}>
        <Note kind="info">This job is {data.body.status} and can no longer be edited. Copy it instead.</Note>
      </PageFrame>
    );
  }
  const newest = data && data.etag !== edited.etag ? () => setEdited(editedOf(data.body, data.etag)) : null;
  return (
    <PageFrame title={title} above={above}>
      {newest ? (
        <Note kind="warning" alert>
          Somebody changed this job since you opened it.{' '}
          <button type="button" class="button small" onClick={newest}>
            Load their version
          </button>
        </Note>
      ) : null}
      <JobForm key={edited.etag} edited={edited} reload={reload} />
    </PageFrame>
  );
}
