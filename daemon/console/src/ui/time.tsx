import { signal } from '@preact/signals';
import { durationText, timeText, utcText } from '../logic/times';

// The time in words that grow old, once a second for the whole page.
export const second = signal(Date.now());
setInterval(() => {
  if (!document.hidden) second.value = Date.now();
}, 1000);

// A time: local as text, UTC on hover. A missing one is a dash.
export function Time({ at }: { at: string | null }) {
  if (!at) return <span class="muted">–</span>;
  const time = new Date(at);
  return (
    <time dateTime={at} title={utcText(time)}>
      {timeText(time, new Date())}
    </time>
  );
}

// How long it has been since, or between two times.
export function Elapsed({ from, to }: { from: string; to?: string | null }) {
  const until = to ? Date.parse(to) : second.value;
  return <span>{durationText(until - Date.parse(from))}</span>;
}
