import { countText } from '../logic/times';

interface Props {
  label: string;
  number: number;
  shown: number;
  total?: number | undefined; // where it is known
  next: (() => void) | null;
  previous: (() => void) | null;
}

export function Pager({ label, number, shown, total, next, previous }: Props) {
  if (number === 1 && !next) return total === undefined ? null : <Range shown={shown} total={total} />;
  return (
    <nav class="pager" aria-label={`Pages of ${label}`}>
      <button type="button" class="button small" disabled={!previous} onClick={previous ?? undefined}>
        ‹ Previous
      </button>
      <span class="pager-place">
        Page {countText(number)}
        {total === undefined ? '' : ` · ${countText(total)} in all`}
      </span>
      <button type="button" class="button small" disabled={!next} onClick={next ?? undefined}>
        Next ›
      </button>
    </nav>
  );
}

function Range({ shown, total }: { shown: number; total: number }) {
  return (
    <p class="pager pager-place">
      {shown === total ? `${countText(total)} in all` : `${countText(shown)} of ${countText(total)}`}
    </p>
  );
}
