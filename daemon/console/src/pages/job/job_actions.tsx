import { copyJob, deleteJob, downloadDetails, rerunJob, runJob, stopJob } from '../../api/jobs';
import type { Job } from '../../api/types';
import { forgetDrift, storeDrift } from '../../logic/drift_store';
import { countText } from '../../logic/times';
import { plural } from '../../logic/words';
import { mayOperate } from '../../live/session';
import { choose, confirm } from '../../ui/confirm';
import { navigate } from '../../ui/router';
import { useAction } from '../../ui/use_action';

// What may be done with a job in its state. The gateway refuses the rest anyway.
const may = {
  run: ({ status }: Job) => status === 'Pending' || status === 'Stopped',
  edit: ({ status }: Job) => status === 'Pending',
  rerun: ({ status, tally }: Job) => status !== 'Pending' && status !== 'Running' && tally.failed > 0,
  remove: ({ status }: Job) => status !== 'Running',
};

// A rerun of the failed devices, all or those of one reason and message: run at once, or saved.
export async function rerun(
  job: Job,
  of: { reason?: string; message?: string },
  count: number,
  intent: string,
): Promise<string | void> {
  const choice = await choose({
    title: `Rerun ${countText(count)} failed ${plural(count, 'device')}?`,
    text: 'A new job with the same operations is made for them. This job stays as it is.',
    action: 'Run now',
    other: 'Save only',
    harmless: true,
  });
  if (!choice) return undefined;
  const made = await rerunJob(job.job, { ...of, run: choice === 'action' }, intent);
  await navigate(`/jobs/${made.job}`);
  return choice === 'action' ? `Job ${made.job} runs.` : `Job ${made.job} is saved.`;
}

interface Props {
  job: Job;
  reload: () => void;
  deleted: boolean;
}

export function JobActions({ job, reload, deleted }: Props) {
  const { busy, act } = useAction();
  const id = job.job;
  const download = () => act(async () => downloadDetails(id));
  const run = () =>
    act(async (intent) => {
      await runJob(id, intent);
      forgetDrift(id);
      reload();
      return `Job ${id} runs.`;
    });
  const stop = () =>
    act(async () => {
      await stopJob(id);
      reload();
      return `Job ${id} is stopped.`;
    });
  const copy = () =>
    act(async (intent) => {
      const made = await copyJob(id, intent);
      storeDrift(made.job, made.drift);
      await navigate(`/jobs/${made.job}/edit`);
      return `Job ${made.job} is a copy of job ${id}.`;
    });
  const remove = () =>
    act(async () => {
      if (
        !(await confirm({
          title: `Delete job ${id}?`,
          text: `“${job.name}” and its results are gone then.`,
          action: 'Delete',
        }))
      )
        return undefined;
      await deleteJob(id);
      forgetDrift(id);
      await navigate('/jobs');
      return `Job ${id} is deleted.`;
    });
  if (deleted) return null;
  return (
    <>
      {mayOperate.value ? (
        <>
          {job.status === 'Running' ? (
            <button type="button" class="button danger" disabled={busy} onClick={stop}>
              Stop
            </button>
          ) : null}
          {may.run(job) ? (
            <button type="button" class="button primary" disabled={busy} onClick={run}>
              Run
            </button>
          ) : null}
          {may.edit(job) ? (
            <a class="button" href={`/jobs/${id}/edit`}>
              Edit
            </a>
          ) : null}
          {may.rerun(job) ? (
            <button
              type="button"
              class="button"
              disabled={busy}
              onClick={() => act((intent) => rerun(job, {}, job.tally.failed, intent))}
            >
              Rerun failed
            </button>
          ) : null}
          <button type="button" class="button" disabled={busy} onClick={copy}>
            Copy
          </button>
        </>
      ) : null}
      <button type="button" class="button" disabled={busy} onClick={download}>
        Download job details
      </button>
      {mayOperate.value && may.remove(job) ? (
        <button type="button" class="button danger" disabled={busy} onClick={remove}>
          Delete
        </button>
      ) : null}
    </>
  );
}
