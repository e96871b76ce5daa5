import type { ComponentChildren } from 'preact';
import { detailsOf, messageOf } from '../api/error';

// What is shown where something could not be loaded.
export function ErrorNote({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  return (
    <div class="note note-failed" role="alert">
      <p>
        <strong>{messageOf(error)}</strong>
      </p>
      <DetailList details={detailsOf(error).map(({ field, message }) => `${field} ${message}`.trim())} />
      {retry ? (
        <button type="button" class="button small" onClick={retry}>
          Try again
        </button>
      ) : null}
    </div>
  );
}

const mostDetails = 8;

export function DetailList({ details }: { details: string[] }) {
  if (details.length === 0) return null;
  return (
    <ul>
      {details.slice(0, mostDetails).map((detail) => (
        <li key={detail}>{detail}</li>
      ))}
      {details.length > mostDetails ? <li>and {details.length - mostDetails} more</li> : null}
    </ul>
  );
}

interface EmptyProps {
  title: string;
  children?: ComponentChildren;
}

export function Empty({ title, children }: EmptyProps) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children ? <div class="empty-text">{children}</div> : null}
    </div>
  );
}

interface NoteProps {
  kind: 'info' | 'warning' | 'failed';
  testid?: string;
  alert?: boolean;
  children: ComponentChildren;
}

export function Note({ kind, testid, alert, children }: NoteProps) {
  return (
    <div class={`note note-${kind}`} role={alert ? 'alert' : 'note'} data-testid={testid}>
      {children}
    </div>
  );
}

// A place for a page or a part of it that is still to come.
export function Skeleton({ lines = 4 }: { lines?: number }) {
  return (
    <div class="skeleton-block" aria-busy="true" aria-label="Loading" role="status">
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class="skeleton" />
      ))}
    </div>
  );
}
