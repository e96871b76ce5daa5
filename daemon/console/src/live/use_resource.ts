import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { isAbort } from '../api/error';
import { useLive, useRefresh } from './use_live';

export interface Resource<Data> {
  data: Data | null;
  error: unknown;
  loading: boolean; // a first answer is awaited; a refresh keeps what is shown
  refresh: () => void; // soon, at most once a second
  reload: () => void; // now
  set: (data: Data) => void;
}

// What `load` answers, loaded again whenever `key` changes and after a lost connection. Answers that
// a newer question has overtaken are dropped.
export function useResource<Data>(
  load: ((signal: AbortSignal) => Promise<Data>) | null,
  key: string,
): Resource<Data> {
  const [state, setState] = useState<{ key: string; data: Data | null; error: unknown }>({
    key,
    data: null,
    error: null,
  });
  const loader = useRef(load);
  loader.current = load;
  const running = useRef<AbortController | null>(null);

  const reload = useCallback(() => {
    running.current?.abort();
    if (!loader.current) return;
    const mine = new AbortController();
    running.current = mine;
    loader.current(mine.signal).then(
      (data) => {
        if (!mine.signal.aborted) setState({ key, data, error: null });
      },
      (error: unknown) => {
        if (mine.signal.aborted || isAbort(error)) return;
        setState((before) => ({ key, data: before.key === key ? before.data : null, error }));
      },
    );
  }, [key]);

  useEffect(() => {
    reload();
    return () => running.current?.abort();
  }, [reload]);

  const refresh = useRefresh(reload);
  useLive({ resync: refresh });

  const set = useCallback((data: Data) => setState({ key, data, error: null }), [key]);
  const current = state.key === key ? state : { data: null, error: null };
  return {
    ...current,
    loading: load !== null && current.data === null && current.error === null,
    refresh,
    reload,
    set,
  };
}
