import { signal } from '@preact/signals';
import { authorization } from '../api/http';
import { signOut, token } from '../api/token';
import type { GatewayEvent, ListedJob } from '../api/types';
import { SseParser, type ServerEvent } from './sse';

// What the gateway tells by itself. `resync` is ours: something may have been missed (the
// connection was lost, or the gateway could not resume), so load again whatever is shown.
export interface LiveEvents {
  job: ListedJob;
  'job-deleted': { job: number };
  devices: { total: number; online: number; changed: { device: string; online: boolean }[]; more: boolean };
  registry: { kind: 'device' | 'set' | 'template'; name: string };
  gateway: GatewayEvent;
  resync: Record<string, never>;
}

export type LiveName = keyof LiveEvents;
type Listener = (name: LiveName, data: LiveEvents[LiveName]) => void;

export type LiveState = 'connecting' | 'connected' | 'lost';
export const liveState = signal<LiveState>('connecting');
export const gatewayState = signal<GatewayEvent | null>(null);

const leastPauseMs = 500;
const mostPauseMs = 15_000;
// The gateway sends a comment every 15 s; silence for three of them is a dead connection.
const silenceMs = 45_000;
const hiddenMs = 20_000;

const listeners = new Set<Listener>();
let lastId = '';

export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell<Name extends LiveName>(name: Name, data: LiveEvents[Name]): void {
  if (name === 'gateway') gatewayState.value = data as GatewayEvent;
  for (const listener of [...listeners]) listener(name, data);
}

function take(event: ServerEvent): void {
  if (event.id) lastId = event.id;
  if (event.type === 'reset') tell('resync', {});
  else tell(event.type as LiveName, JSON.parse(event.data) as LiveEvents[LiveName]);
}

// Ends when the connection does; `heard` is called for every piece that arrives.
async function readStream(signal: AbortSignal, stands: () => void, heard: () => void): Promise<void> {
  const resume = lastId ? { 'Last-Event-ID': lastId } : {};
  const response = await fetch('/api/v1/events', {
    headers: { ...authorization(), Accept: 'text/event-stream', ...resume },
    signal,
    cache: 'no-store',
    credentials: 'omit',
  });
  if (response.status === 401) signOut('Your token is not known here, or is no longer valid.');
  if (!response.ok || !response.body) throw new Error(`events: ${response.status}`);
  stands();
  const parser = new SseParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    heard();
    parser.push(value).forEach(take);
  }
}

// Whether a connection has stood since somebody signed in: the next one may have missed something.
let stoodBefore = false;

function opened(): void {
  liveState.value = 'connected';
  if (stoodBefore) tell('resync', {});
  stoodBefore = true;
}

type Ending = 'never stood' | 'lost' | 'unwatched';

// One connection until it ends.
async function connectOnce(ended: AbortSignal): Promise<Ending> {
  const dead = new AbortController();
  const end = () => dead.abort();
  let ending: Ending = 'never stood';
  let timer = setTimeout(end, silenceMs);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(end, silenceMs);
  };
  const stopWatching = whenHidden(() => {
    ending = 'unwatched';
    end();
  });
  ended.addEventListener('abort', end);
  try {
    await readStream(
      dead.signal,
      () => {
        ending = 'lost';
        opened();
      },
      heard,
    );
  } catch {
    // Whatever ended it, the answer is the same: connect again.
  } finally {
    clearTimeout(timer);
    stopWatching();
    ended.removeEventListener('abort', end);
    dead.abort();
  }
  return ending;
}

// A browser opens at most six connections to one server. A tab that nobody looks at gives its own
// back, or a seventh tab could load nothing.
function whenHidden(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(run, hiddenMs);
  };
  look();
  document.addEventListener('visibilitychange', look);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
}

function untilVisible(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    look();
  });
}

// A browser that learns that the network is back need not wait for the pause to end.
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener('online', done);
  });
}

// Keeps a connection as long as somebody is signed in. Call once for each sign-in; the returned
// function ends it.
export function stayConnected(): () => void {
  const ended = new AbortController();
  void (async () => {
    let wait = leastPauseMs;
    while (!ended.signal.aborted && token.value) {
      const ending = await connectOnce(ended.signal);
      if (ended.signal.aborted) return;
      if (ending === 'unwatched') {
        await untilVisible();
        continue;
      }
      liveState.value = 'lost';
      wait = ending === 'lost' ? leastPauseMs : Math.min(mostPauseMs, wait * 2);
      await pause(wait * (0.75 + Math.random() / 2));
    }
  })();
  return () => {
    ended.abort();
    lastId = '';
    stoodBefore = false;
    liveState.value = 'connecting';
    gatewayState.value = null;
  };
}
