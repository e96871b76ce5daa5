import type { ExecutionStatus, JobStatus, Tally } from '../api/types';
import { countText, percentOf, percentText } from '../logic/times';

const signs: Record<JobStatus, string> = {
  Running: '▶',
  Pending: '○',
  Completed: '✓',
  Failed: '✕',
  Stopped: '■',
};

// A word with a sign: colour alone tells nothing to those who do not see it.
export function StatusBadge({ status }: { status: JobStatus | ExecutionStatus }) {
  return (
    <span class={`status status-${status.toLowerCase()}`} data-testid="status">
      <span aria-hidden="true" class="status-sign">
        {signs[status]}
      </span>
      {status}
    </span>
  );
}

export function Presence({ online }: { online: boolean }) {
  return (
    <span class={online ? 'presence online' : 'presence offline'}>
      <span aria-hidden="true" class="presence-dot" />
      {online ? 'online' : 'offline'}
    </span>
  );
}

export function tallySentence({ selected, succeeded, failed, pending }: Tally): string {
  return `${countText(succeeded)} succeeded, ${countText(failed)} failed, ${countText(pending)} pending of ${countText(selected)}`;
}

// The tally as a bar. Its length is exact; a part that is there at all can be seen.
export function TallyBar({ tally, large, live }: { tally: Tally; large?: boolean; live?: boolean }) {
  const { selected, succeeded, failed } = tally;
  const width = (part: number) => (part === 0 ? '0' : `max(2px, ${percentOf(part, selected)}%)`);
  return (
    <span
      class={`bar${large ? ' bar-large' : ''}${live ? ' bar-live' : ''}`}
      role="progressbar"
      aria-valuemin={0}
      aria-valuemax={selected || 1}
      aria-valuenow={succeeded + failed}
      aria-valuetext={tallySentence(tally)}
      aria-label="Progress"
    >
      <span class="bar-succeeded" style={{ width: width(succeeded) }} />
      <span class="bar-failed" style={{ width: width(failed) }} />
    </span>
  );
}

export function TallyNumbers({ tally }: { tally: Tally }) {
  return (
    <span class="tally-numbers">
      <span class="tally-succeeded" title="Succeeded">
        <b class="visually-hidden">Succeeded </b>
        {countText(tally.succeeded)}
      </span>
      <span class={tally.failed > 0 ? 'tally-failed' : 'tally-zero'} title="Failed">
        <b class="visually-hidden">Failed </b>
        {countText(tally.failed)}
      </span>
      <span class="tally-pending" title="Pending">
        <b class="visually-hidden">Pending </b>
        {countText(tally.pending)}
      </span>
      <span class="tally-percent">{percentText(tally.succeeded + tally.failed, tally.selected)}</span>
    </span>
  );
}
