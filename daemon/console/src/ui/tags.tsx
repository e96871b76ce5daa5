import type { JsonObject } from '../api/types';
import { valueText } from '../logic/value_text';

// Tags as small labels; `most` of them where there is little room.
export function Tags({ tags, most = Infinity }: { tags: JsonObject; most?: number }) {
  const names = Object.keys(tags).sort();
  if (names.length === 0) return <span class="muted">–</span>;
  return (
    <span class="tags">
      {names.slice(0, most).map((name) => (
        <span key={name} class="tag">
          {name} <b>{valueText(tags[name])}</b>
        </span>
      ))}
      {names.length > most ? <span class="muted">+{names.length - most}</span> : null}
    </span>
  );
}
