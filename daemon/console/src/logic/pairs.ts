import type { Json, JsonObject } from '../api/types';
import { sameValue } from './value_text';

// Names with values as text, to edit tags and properties.
export interface Pair {
  name: string;
  text: string;
}

// A text that would be read as something else is written in quotes.
function textOf(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return valueOf(value) === value ? value : JSON.stringify(value);
}

export function valueOf(text: string): Json {
  if (!/^(true|false|-?\d|"|\[|\{)/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

export const pairsOf = (values: JsonObject): Pair[] =>
  Object.keys(values)
    .sort()
    .map((name) => ({ name, text: textOf(values[name]!) }));

// What to send: what is new or changed, and null for what was taken away.
export function changedPairs(before: JsonObject, pairs: readonly Pair[]): JsonObject {
  const after: JsonObject = {};
  for (const { name, text } of pairs) if (name.trim()) after[name.trim()] = valueOf(text);
  const change: JsonObject = {};
  for (const name of Object.keys(before)) if (!(name in after)) change[name] = null;
  for (const [name, value] of Object.entries(after))
    if (!sameValue(before[name], value)) change[name] = value;
  return change;
}
