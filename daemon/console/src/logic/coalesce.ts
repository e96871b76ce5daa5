export interface Clock {
  now(): number;
  after(milliseconds: number, run: () => void): void;
}

const realClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, run) => void setTimeout(run, milliseconds),
};

// Runs `work` for the first call at once, and for any number of calls within `intervalMs` once more
// at its end: what is shown is at most that old, and the server is asked no more often.
export function coalesce(work: () => void, intervalMs: number, clock: Clock = realClock): () => void {
  let last = -Infinity;
  let waiting = false;
  const run = () => {
    waiting = false;
    last = clock.now();
    work();
  };
  return () => {
    if (waiting) return;
    const left = last + intervalMs - clock.now();
    if (left <= 0) {
      run();
      return;
    }
    waiting = true;
    clock.after(left, run);
  };
}
