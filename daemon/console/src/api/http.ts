import { ApiError } from './error';
import { signOut, token } from './token';
import type { ErrorDetail } from './types';

const base = '/api/v1';
const patienceMs = 30_000;
const retryPausesMs = [500, 2_000];

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Call {
  query?: Query;
  body?: unknown;
  ifMatch?: string | undefined;
  // One for each thing that a person asked for; a repeat with the same key is not done twice.
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export interface Answer<Body> {
  body: Body;
  etag: string | undefined;
}

export function pathOf(...parts: (string | number)[]): string {
  return parts.map((part) => '/' + encodeURIComponent(part)).join('');
}

function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return base + path + (text ? '?' + text : '');
}

export function authorization(): Record<string, string> {
  return { Authorization: `Bearer ${token.value ?? ''}` };
}

function headersOf(call: Call): Record<string, string> {
  const headers = authorization();
  if (call.body !== undefined) headers['Content-Type'] = 'application/json';
  if (call.ifMatch) headers['If-Match'] = call.ifMatch;
  if (call.idempotencyKey) headers['Idempotency-Key'] = call.idempotencyKey;
  return headers;
}

async function errorOf(response: Response): Promise<ApiError> {
  const fallback = `the gateway answered ${response.status} ${response.statusText}`.trim();
  try {
    const { error } = (await response.json()) as {
      error: { code: string; message: string; details?: ErrorDetail[] };
    };
    return new ApiError(response.status, error.code, error.message, error.details);
  } catch {
    return new ApiError(response.status, 'internal', fallback);
  }
}

// Throws ApiError 'network' without an answer, and the browser's AbortError when `signal` said so.
export async function send(method: string, path: string, call: Call): Promise<Response> {
  const timeout = AbortSignal.timeout(patienceMs);
  const ended = new AbortController();
  const end = () => ended.abort();
  call.signal?.addEventListener('abort', end);
  timeout.addEventListener('abort', end);
  try {
    return await fetch(addressOf(path, call.query), {
      method,
      headers: headersOf(call),
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal: ended.signal,
      cache: 'no-store',
      credentials: 'omit',
    });
  } catch (error) {
    if (call.signal?.aborted) throw error;
    throw new ApiError(0, 'network', 'The gateway cannot be reached. Is musterd running?');
  } finally {
    call.signal?.removeEventListener('abort', end);
    timeout.removeEventListener('abort', end);
  }
}

// A call with an idempotency key may have been carried out before its answer was lost. It is asked
// again with the same key: done once, whatever happened.
async function sendSurely(method: string, path: string, call: Call): Promise<Response> {
  for (const pause of call.idempotencyKey ? retryPausesMs : []) {
    try {
      return await send(method, path, call);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return send(method, path, call);
}

export async function ask<Body>(method: string, path: string, call: Call = {}): Promise<Answer<Body>> {
  const usedToken = token.value;
  const response = await sendSurely(method, path, call);
  if (response.status === 401 && usedToken === token.value) {
    signOut('Your token is not known here, or is no longer valid.');
  }
  if (!response.ok) throw await errorOf(response);
  const text = await response.text();
  return {
    body: (text ? JSON.parse(text) : {}) as Body,
    etag: response.headers.get('ETag') ?? undefined,
  };
}

export async function get<Body>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Body> {
  return (await ask<Body>('GET', path, signal ? { query, signal } : { query })).body;
}

export const newIntent = (): string => {
  // crypto.randomUUID exists in secure contexts only; a console on a plain LAN address is none.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
};
