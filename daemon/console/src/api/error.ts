import type { ErrorDetail } from './types';

// Why a call failed. `code` is the server's, or 'network' when there was no answer.
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: ErrorDetail[] = [],
  ) {
    super(message);
  }
}

// What to show a person: the message, and what belongs to no field.
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function detailsOf(error: unknown): ErrorDetail[] {
  return error instanceof ApiError ? error.details : [];
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
