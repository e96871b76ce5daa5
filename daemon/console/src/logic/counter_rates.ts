// Counters only grow, until the gateway is restarted and begins at zero.
export interface Counted {
  at: number; // milliseconds
  counters: Record<string, number>;
}

export interface CounterRow {
  name: string;
  total: number;
  perSecond: number | null; // null when there is nothing to compare with
}

export function counterRates(before: Counted | null, now: Counted): CounterRow[] {
  const seconds = before ? (now.at - before.at) / 1000 : 0;
  return Object.entries(now.counters).map(([name, total]) => {
    const last = before?.counters[name];
    const known = last !== undefined && seconds > 0 && total >= last;
    return { name, total, perSecond: known ? (total - last) / seconds : null };
  });
}
