import { foldIds } from '../logic/fold_ids';
import { isDrift, type KeptDrift } from '../logic/drift_store';
import { countText } from '../logic/times';
import { Note } from './notes';

const mostShown = 50;

const sentences = {
  added: 'in the set only since then; part of the job now',
  left: 'no longer in the set; not part of the job',
  deleted: 'no longer known at all; not part of the job',
} as const;

// What changed in the device set since the original ran, before the copy runs.
export function DriftNote({ drift }: { drift: KeptDrift }) {
  if (!isDrift(drift))
    return (
      <Note kind="info" testid="drift">
        Nothing changed in the device set since the original.
      </Note>
    );
  return (
    <Note kind="warning" testid="drift">
      <h2>The device set changed since</h2>
      {drift.broken ? (
        <p data-testid="drift-broken">
          <strong>Broken:</strong> {drift.broken}
        </p>
      ) : null}
      <dl class="drift">
        {(['added', 'left', 'deleted'] as const).map((name) => {
          const count = drift.counts[name];
          if (count === 0) return null;
          const shown = drift[name].slice(0, mostShown);
          return (
            <div key={name} data-testid={`drift-${name}`}>
              <dt>
                {countText(count)} {name}
              </dt>
              <dd>
                {sentences[name]}: <span class="id">{foldIds(shown)}</span>
                {count > shown.length ? ` and ${countText(count - shown.length)} more` : ''}
              </dd>
            </div>
          );
        })}
      </dl>
    </Note>
  );
}
