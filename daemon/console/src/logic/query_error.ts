import type { ErrorDetail } from '../api/types';

export interface QueryMistake {
  message: string;
  // Index into the text, in UTF-16 units as the browser counts; null when the place is not known.
  at: number | null;
}

// The server counts bytes from 1, the browser UTF-16 units from 0.
export function indexOfByte(text: string, byte: number): number {
  let bytes = 1;
  let index = 0;
  for (const character of text) {
    if (bytes >= byte) break;
    bytes += new TextEncoder().encode(character).length;
    index += character.length;
  }
  return index;
}

export function queryMistakes(details: readonly ErrorDetail[], query: string): QueryMistake[] {
  return details
    .filter(({ field }) => field === 'query' || field.startsWith('query:'))
    .map(({ field, message }) => {
      const place = /^query:(\d+)/.exec(field) ?? /\bposition (\d+)/.exec(message);
      return { message, at: place ? indexOfByte(query, Number(place[1])) : null };
    });
}

export interface MarkedLine {
  before: string;
  wrong: string;
  after: string;
}

// The line of the query that holds the mistake, in three parts; the middle is never empty.
export function markedLine(query: string, at: number): MarkedLine {
  const start = query.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
  const end = query.indexOf('\n', at) < 0 ? query.length : query.indexOf('\n', at);
  const word = /^([\w.]+|"[^"]*"?|'[^']*'?|[&|=!<>]{2}|.)/u.exec(query.slice(at, end))?.[0] ?? '\u00a0';
  return { before: query.slice(start, at), wrong: word, after: query.slice(at + word.length, end) };
}
