import type { ProgressSample } from '../api/types';

// The picture of a job's progress: two areas over time, stacked, in a box of width x height.
export interface ChartPaths {
  succeeded: string;
  failed: string;
  edge: string;
}

const most = 480;

// Every second sample goes when there are too many: the picture stays the same, and so does the
// memory of a page that is left open for days.
export function thinned(samples: readonly ProgressSample[]): ProgressSample[] {
  if (samples.length <= most) return [...samples];
  return samples.filter((_, index) => index % 2 === 0 || index === samples.length - 1);
}

// Without what came after the last change: a job that was stopped yesterday is a picture of
// yesterday.
export function untilLastChange(samples: readonly ProgressSample[]): ProgressSample[] {
  let last = samples.length - 1;
  const same = (a: ProgressSample, b: ProgressSample) => a.succeeded === b.succeeded && a.failed === b.failed;
  while (last > 0 && same(samples[last]!, samples[last - 1]!)) last -= 1;
  return samples.slice(0, last + 1);
}

export function chartPaths(
  samples: readonly ProgressSample[],
  from: number,
  to: number,
  selected: number,
  width: number,
  height: number,
): ChartPaths {
  const span = Math.max(1, to - from);
  const whole = Math.max(1, selected);
  const x = (at: string) => round((width * Math.min(span, Math.max(0, Date.parse(at) - from))) / span);
  const y = (count: number) => round(height - (height * count) / whole);
  const line = (value: (sample: ProgressSample) => number) =>
    samples.map((sample) => `${x(sample.at)},${y(value(sample))}`);
  const lower = line((sample) => sample.succeeded);
  const upper = line((sample) => sample.succeeded + sample.failed);
  if (samples.length === 0) return { succeeded: '', failed: '', edge: '' };
  const left = x(samples[0]!.at);
  const right = x(samples[samples.length - 1]!.at);
  return {
    succeeded: `M${left},${height} L${lower.join(' ')} L${right},${height} Z`,
    failed: `M${upper.join(' ')} L${[...lower].reverse().join(' ')} Z`,
    edge: `M${upper.join(' ')}`,
  };
}

const round = (value: number) => Math.round(value * 10) / 10;
