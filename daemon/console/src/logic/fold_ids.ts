// Ids as a person reads them: fridge-1, fridge-2, fridge-7 become fridge-[1-2,7]. The same folding
// as `muster` prints.

// Digits up to here are exact as a number; what stands before them belongs to the name.
const mostDigits = 15;

interface Group {
  prefix: string;
  // Digits of numbers with leading zeros, 0 for plain ones: "08" and "8" are two ids.
  width: number;
  numbers: Set<number>;
}

function collect(ids: readonly string[]): { groups: Map<string, Group>; plain: Set<string> } {
  const groups = new Map<string, Group>();
  const plain = new Set<string>();
  for (const id of ids) {
    const digits = /\d*$/.exec(id)?.[0].slice(-mostDigits) ?? '';
    if (!digits) {
      plain.add(id);
      continue;
    }
    const prefix = id.slice(0, id.length - digits.length);
    const width = digits.length > 1 && digits.startsWith('0') ? digits.length : 0;
    const key = `${width} ${prefix}`;
    const group = groups.get(key) ?? { prefix, width, numbers: new Set<number>() };
    group.numbers.add(Number(digits));
    groups.set(key, group);
  }
  return { groups, plain };
}

// "12" belongs with "08" as well as with "8"; where there is an "08", it goes there.
function joinPadded(groups: Map<string, Group>): void {
  for (const padded of groups.values()) {
    const unpadded = padded.width === 0 ? undefined : groups.get(`0 ${padded.prefix}`);
    for (const value of unpadded?.numbers ?? []) {
      if (String(value).length === padded.width) {
        padded.numbers.add(value);
        unpadded?.numbers.delete(value);
      }
    }
  }
}

function textOf({ prefix, width, numbers }: Group): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const shown = (value: number) => String(value).padStart(width, '0');
  const runs: string[] = [];
  for (let i = 0; i < sorted.length;) {
    const first = sorted[i]!;
    let last = first;
    while (sorted[++i] === last + 1) last += 1;
    runs.push(first === last ? shown(first) : `${shown(first)}-${shown(last)}`);
  }
  const inside = runs.join(',');
  return sorted.length === 1 ? prefix + inside : `${prefix}[${inside}]`;
}

export function foldIds(ids: readonly string[]): string {
  const { groups, plain } = collect(ids);
  joinPadded(groups);
  const parts = [...groups.values()].filter((group) => group.numbers.size > 0).map(textOf);
  return [...plain, ...parts].sort((a, b) => (a < b ? -1 : 1)).join(', ');
}
