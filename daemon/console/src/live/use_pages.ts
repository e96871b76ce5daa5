import { useEffect, useState } from 'preact/hooks';
import type { Page } from '../api/types';
import { useResource, type Resource } from './use_resource';

export interface Pages<Body extends Page<unknown>> extends Resource<Body> {
  items: Body['items'];
  number: number; // from 1
  next: (() => void) | null;
  previous: (() => void) | null;
}

// A list page by page, forwards and back by the cursors seen so far. Starts over when `key` (the
// list and its filters) changes. Only one page is ever in the browser.
export function usePages<Body extends Page<unknown>>(
  load: ((cursor: string, signal: AbortSignal) => Promise<Body>) | null,
  key: string,
): Pages<Body> {
  const [place, setPlace] = useState<{ key: string; cursors: string[] }>({ key, cursors: [] });
  const cursors = place.key === key ? place.cursors : [];
  const cursor = cursors[cursors.length - 1] ?? '';
  const resource = useResource<Body>(load && ((signal) => load(cursor, signal)), `${key} ${cursor}`);
  // While another page of the same list comes, the one before stays, so that nothing jumps.
  const [kept, setKept] = useState<{ key: string; body: Body } | null>(null);
  useEffect(() => {
    if (resource.data) setKept({ key, body: resource.data });
  }, [resource.data, key]);
  const data = resource.data ?? (kept?.key === key && !resource.error ? kept.body : null);
  const next = resource.data?.next ?? null;
  return {
    ...resource,
    data,
    loading: resource.loading && data === null,
    items: data?.items ?? [],
    number: cursors.length + 1,
    next: next === null ? null : () => setPlace({ key, cursors: [...cursors, next] }),
    previous: cursors.length === 0 ? null : () => setPlace({ key, cursors: cursors.slice(0, -1) }),
  };
}
