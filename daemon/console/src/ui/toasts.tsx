import { signal } from '@preact/signals';
import { messageOf } from '../api/error';

interface Toast {
  number: number;
  kind: 'done' | 'failed';
  text: string;
}

const mostShown = 4;
const shownMs = 6_000;
const toasts = signal<Toast[]>([]);
let last = 0;

const close = (number: number) => {
  toasts.value = toasts.value.filter((toast) => toast.number !== number);
};

function show(kind: Toast['kind'], text: string): void {
  const number = (last += 1);
  toasts.value = [...toasts.value, { number, kind, text }].slice(-mostShown);
  // What went wrong stays until it is closed: it may not have been read yet.
  if (kind === 'done') setTimeout(() => close(number), shownMs);
}

export const sayDone = (text: string): void => show('done', text);
export const sayFailed = (error: unknown): void => show('failed', messageOf(error));

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite" aria-label="Messages">
      {toasts.value.map(({ number, kind, text }) => (
        <div key={number} class={`toast toast-${kind}`} data-testid={`toast-${kind}`}>
          <span>{text}</span>
          <button type="button" class="bare" aria-label="Close message" onClick={() => close(number)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
