import type { ErrorDetail } from '../api/types';

// The server names what is wrong by a path, such as operations[0].args.minutes. These find the
// place in a form where that belongs.

function isWithin(field: string, path: string): boolean {
  return field === path || field.startsWith(path + '.') || field.startsWith(path + '[');
}

// What is wrong at `path`, or inside of it, where there is no field of its own for it.
export function messagesAt(details: readonly ErrorDetail[], path: string): string[] {
  return details
    .filter(({ field }) => isWithin(field, path))
    .map(({ field, message }) =>
      field === path ? message : `${field.slice(path.length).replace(/^\./, '')} ${message}`,
    );
}

// What belongs to none of the paths.
export function messagesElsewhere(details: readonly ErrorDetail[], paths: readonly string[]): string[] {
  return details
    .filter(({ field }) => !paths.some((path) => isWithin(field, path)))
    .map(({ field, message }) => (field ? `${field} ${message}` : message));
}

// A plan that would be refused says why in one sentence, field after field:
// "operations[0].value is 9; at most 5 is allowed; operations[1].name is x; …".
export function detailsInSentence(sentence: string): ErrorDetail[] {
  return sentence
    .split(/; (?=operations\[\d+\])/)
    .map((part) => /^(operations\[\d+\][^\s]*) (.+)$/s.exec(part))
    .filter((match) => match !== null)
    .map((match) => ({ field: match[1]!, message: match[2]! }));
}
