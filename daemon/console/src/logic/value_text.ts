import type { Json } from '../api/types';

// A JSON value in one line: texts without quotes, nothing as a dash.
export function valueText(value: Json | undefined): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value || '""' : JSON.stringify(value);
}

// Whether two values are the same JSON, whatever the order of their members.
export function sameValue(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = Object.keys(left);
  const one = left as Record<string, Json>;
  const other = right as Record<string, Json>;
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && sameValue(one[name], other[name]))
  );
}
