import { markedLine, type QueryMistake } from '../logic/query_error';

interface Props {
  id: string;
  label: string;
  hint?: string;
  value: string;
  mistakes: QueryMistake[];
  onChange: (text: string) => void;
  rows?: number;
}

// A query, and under it the line with each mistake marked at its place.
export function QueryField({ id, label, hint, value, mistakes, onChange, rows = 2 }: Props) {
  const wrong = mistakes.length > 0;
  const described = [hint ? `${id}-hint` : '', wrong ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class={wrong ? 'field field-wrong' : 'field'}>
      <label for={id}>{label}</label>
      <textarea
        id={id}
        class="code"
        rows={rows}
        spellcheck={false}
        autoComplete="off"
        aria-invalid={wrong}
        aria-describedby={described || undefined}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {wrong ? (
        <div id={`${id}-error`} class="query-error" data-testid="query-error">
          {mistakes.map((mistake) => (
            <Mistake key={`${mistake.at} ${mistake.message}`} query={value} mistake={mistake} />
          ))}
        </div>
      ) : null}
      {hint ? (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
    </div>
  );
}

function Mistake({ query, mistake }: { query: string; mistake: QueryMistake }) {
  const line = mistake.at === null ? null : markedLine(query, mistake.at);
  return (
    <>
      {line ? (
        <pre class="query-line">
          {line.before}
          <mark data-testid="query-mark">{line.wrong}</mark>
          {line.after}
        </pre>
      ) : null}
      <p class="field-error">{mistake.message}</p>
    </>
  );
}
