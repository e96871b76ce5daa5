import { listAudit } from '../../api/fleet';
import type { Job } from '../../api/types';
import {
  linesOfAudit,
  linesOfFailures,
  linesOfJob,
  newestFirst,
  type FailuresSeen,
} from '../../logic/job_log';
import { mayOperate } from '../../live/session';
import { useResource } from '../../live/use_resource';
import { Time } from '../../ui/time';

export function JobLog({ job, seen }: { job: Job; seen: FailuresSeen[] }) {
  // Asked again when its state changes: somebody did that, and the audit log says who.
  const audit = useResource(
    mayOperate.value ? (signal) => listAudit({ subject: String(job.job), limit: 50 }, signal) : null,
    `audit ${job.job} ${job.status} ${job.revision}`,
  );
  const known = linesOfAudit(audit.data?.items ?? []);
  const lines = newestFirst(known, linesOfJob(job, known), linesOfFailures(seen));
  return (
    <section class="section" aria-labelledby="log-title">
      <h2 id="log-title">What happened</h2>
      <ol class="log" data-testid="job-log">
        {lines.map((line, index) => (
          <li key={`${line.at} ${index}`}>
            <Time at={line.at} />
            <span>{line.text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
