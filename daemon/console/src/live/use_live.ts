import { useEffect, useRef } from 'preact/hooks';
import { coalesce } from '../logic/coalesce';
import { listen, type LiveEvents, type LiveName } from './connection';

type Handlers = { [Name in LiveName]?: (data: LiveEvents[Name]) => void };

// Calls the handlers of the latest rendering for as long as the component is shown.
export function useLive(handlers: Handlers): void {
  const current = useRef(handlers);
  current.current = handlers;
  useEffect(
    () =>
      listen((name, data) => {
        (current.current[name] as ((data: LiveEvents[LiveName]) => void) | undefined)?.(data);
      }),
    [],
  );
}

const refreshMs = 1_000;

// A function that asks for a refresh: carried out at most once a second, and when the tab is hidden
// not before somebody looks at it again.
export function useRefresh(refresh: () => void): () => void {
  const current = useRef(refresh);
  current.current = refresh;
  const state = useRef<{ ask: () => void; missed: boolean } | null>(null);
  state.current ??= makeState(() => current.current());
  const alive = state.current;
  useEffect(() => {
    const look = () => {
      if (!document.hidden && alive.missed) {
        alive.missed = false;
        alive.ask();
      }
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return alive.ask;
}

function makeState(refresh: () => void): { ask: () => void; missed: boolean } {
  const state = {
    missed: false,
    ask: coalesce(() => {
      if (document.hidden) state.missed = true;
      else refresh();
    }, refreshMs),
  };
  return state;
}
