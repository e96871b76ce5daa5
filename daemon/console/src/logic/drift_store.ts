import type { Drift } from '../api/types';

// What drifted when a job was copied. The gateway says it once, with the copy; it is kept by the
// job's number, so that reloading the page does not lose it.
const prefix = 'muster.drift.';
const mostIds = 500;

export interface KeptDrift extends Drift {
  counts: { added: number; left: number; deleted: number };
}

export function keptDrift(drift: Drift): KeptDrift {
  const cut = (ids: string[]) => ids.slice(0, mostIds);
  return {
    added: cut(drift.added),
    left: cut(drift.left),
    deleted: cut(drift.deleted),
    broken: drift.broken,
    counts: { added: drift.added.length, left: drift.left.length, deleted: drift.deleted.length },
  };
}

export const isDrift = ({ counts, broken }: KeptDrift): boolean =>
  broken !== null || counts.added + counts.left + counts.deleted > 0;

export function storeDrift(job: number, drift: Drift): void {
  try {
    localStorage.setItem(prefix + job, JSON.stringify(keptDrift(drift)));
  } catch {
    // A full storage loses a convenience: the gateway still tells what a list has lost.
  }
}

export function forgetDrift(job: number): void {
  localStorage.removeItem(prefix + job);
}

export function loadDrift(job: number, now: Drift | undefined): KeptDrift | null {
  const stored = localStorage.getItem(prefix + job);
  const current = now && keptDrift(now);
  if (!stored) return current ?? null;
  const kept = JSON.parse(stored) as KeptDrift;
  // A list is compared by the gateway at each look; what it says now is newer than what was kept.
  const gone = (name: 'left' | 'deleted') => [...new Set([...(current?.[name] ?? []), ...kept[name]])];
  const left = gone('left');
  const deleted = gone('deleted');
  return {
    ...kept,
    left,
    deleted,
    broken: current?.broken ?? kept.broken,
    counts: {
      added: kept.counts.added,
      left: Math.max(kept.counts.left, left.length),
      deleted: Math.max(kept.counts.deleted, deleted.length),
    },
  };
}
