import type { Selection } from '../api/types';

// Which devices of a set are selected. Either all but some, whatever the set's size, or a list:
// at a million devices "all" is one word, here and in what is sent.
export interface Choice {
  readonly all: boolean;
  readonly ids: ReadonlySet<string>; // exceptions from all, else what is listed
}

export type Mark = 'none' | 'some' | 'all';

export const nothing: Choice = { all: false, ids: new Set() };
export const everything: Choice = { all: true, ids: new Set() };

export function choiceOf(selection: Selection): Choice {
  return 'devices' in selection
    ? { all: false, ids: new Set(selection.devices) }
    : { all: true, ids: new Set(selection.except ?? []) };
}

export function selectionOf({ all, ids }: Choice): Selection {
  const list = [...ids].sort();
  if (!all) return { devices: list };
  return list.length > 0 ? { all: true, except: list } : { all: true };
}

export const isSelected = ({ all, ids }: Choice, id: string): boolean => all !== ids.has(id);

// Selects or deselects these, and leaves all others as they are.
export function withDevices(choice: Choice, ids: readonly string[], selected: boolean): Choice {
  const changed = new Set(choice.ids);
  for (const id of ids) {
    if (choice.all === selected) changed.delete(id);
    else changed.add(id);
  }
  return { all: choice.all, ids: changed };
}

// Forgets ids that are no longer there, whether they were listed or excepted.
export function forget(choice: Choice, ids: readonly string[]): Choice {
  const kept = new Set(choice.ids);
  for (const id of ids) kept.delete(id);
  return { all: choice.all, ids: kept };
}

// How many of a set of `total` devices are selected.
export const countOf = ({ all, ids }: Choice, total: number): number =>
  all ? Math.max(0, total - ids.size) : ids.size;

// The mark of the check box for the entire set.
export function markOfSet(choice: Choice, total: number): Mark {
  const count = countOf(choice, total);
  if (count === 0) return 'none';
  return count >= total ? 'all' : 'some';
}

// The mark of the check box for one page.
export function markOfPage(choice: Choice, ids: readonly string[]): Mark {
  const selected = ids.filter((id) => isSelected(choice, id)).length;
  if (selected === 0) return 'none';
  return selected === ids.length ? 'all' : 'some';
}
