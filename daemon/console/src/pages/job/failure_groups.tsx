import { listExecutions } from '../../api/jobs';
import type { Job, Outcome } from '../../api/types';
import { foldIds } from '../../logic/fold_ids';
import { countText } from '../../logic/times';
import { plural, reasonName } from '../../logic/words';
import { useResource } from '../../live/use_resource';
import { mayOperate } from '../../live/session';
import { setParameters } from '../../ui/router';
import { useAction } from '../../ui/use_action';
import { rerun } from './job_actions';

// Ids are named where they are few, in this many groups.
const mostFolded = 100;
const groupsFolded = 12;

const otherMessages = '(other messages)';

export function FailureGroups({ job }: { job: Job }) {
  const groups = job.outcomes.filter(({ status }) => status === 'Failed').sort((a, b) => b.count - a.count);
  if (groups.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="failures-title">
      <h2 id="failures-title">Failures by reason</h2>
      <ul class="groups" data-testid="failure-groups">
        {groups.map((group, index) => (
          <Group
            key={`${group.reason} ${group.message}`}
            job={job}
            group={group}
            named={index < groupsFolded && group.count <= mostFolded}
          />
        ))}
      </ul>
    </section>
  );
}

function filterOf(group: Outcome): { reason: string; message: string } {
  return { reason: group.reason ?? '', message: group.message === otherMessages ? '' : group.message };
}

function show(group: Outcome): void {
  setParameters({ status: 'Failed', ...filterOf(group) });
  document.getElementById('devices-title')?.focus();
}

function Group({ job, group, named }: { job: Job; group: Outcome; named: boolean }) {
  const { busy, act } = useAction();
  const ended = job.status !== 'Running' && job.status !== 'Pending';
  const { reason, message } = filterOf(group);
  return (
    <li class="group">
      <span class="group-count">{countText(group.count)}</span>
      <span class="group-text">
        <button
          type="button"
          class="link"
          onClick={() => show(group)}
          aria-label={`Show the ${group.count} ${plural(group.count, 'device')}: ${reasonName(group.reason)}: ${group.message}`}
        >
          {reasonName(group.reason)}: {group.message}
        </button>
        {named ? <FoldedIds job={job.job} group={group} /> : null}
      </span>
      {mayOperate.value && ended ? (
        <button
          type="button"
          class="button small"
          disabled={busy}
          aria-label={`Rerun failed: ${group.message}`}
          onClick={() =>
            act((intent) => rerun(job, { reason, ...(message ? { message } : {}) }, group.count, intent))
          }
        >
          Rerun
        </button>
      ) : null}
    </li>
  );
}

function FoldedIds({ job, group }: { job: number; group: Outcome }) {
  const filter = filterOf(group);
  const ids = useResource(
    (signal) =>
      listExecutions(job, { status: 'Failed', ...filter, limit: mostFolded }, signal).then(({ items }) =>
        items.map(({ device }) => device),
      ),
    `ids ${job} ${filter.reason} ${filter.message} ${group.count}`,
  );
  return <span class="group-ids">{ids.data ? foldIds(ids.data) : '\u00a0'}</span>;
}
