// How fast a job goes, and when it will end.

export interface Sample {
  at: number; // milliseconds since the epoch
  done: number;
}

const windowMs = 10_000;
const leastMs = 1_000;

// Devices per second over the last ten seconds up to `now`; null when there is too little to tell.
export function ratePerSecond(samples: readonly Sample[], now: number): number | null {
  const last = samples[samples.length - 1];
  if (!last) return null;
  let first = last;
  for (let i = samples.length - 1; i >= 0; i -= 1) {
    const sample = samples[i]!;
    if (sample.done > first.done) break; // the job was run again: what was before is another run
    first = sample;
    if (now - sample.at >= windowMs) break;
  }
  // Nothing new for a while slows the rate down too, so the span ends now, not at the last sample.
  const span = now - first.at;
  return span < leastMs ? null : (1000 * (last.done - first.done)) / span;
}

// Milliseconds until nothing is pending; null when that cannot be said.
export function timeLeft(pending: number, rate: number | null): number | null {
  if (pending === 0) return 0;
  return rate === null || rate < 0.05 ? null : (1000 * pending) / rate;
}

export function rateText(rate: number | null): string {
  if (rate === null) return '–';
  return rate >= 10 || rate === 0 ? `${Math.round(rate)}/s` : `${rate.toFixed(1)}/s`;
}
