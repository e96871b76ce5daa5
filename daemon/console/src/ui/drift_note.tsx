import { foldIds } from '../logic/fold_ids';
import { isDrift, type KeptDrift } from '../logic/drift_store';
import { countText } from '../logic/times';
import { plural } from '../logic/words';
import { Note } from './notes';

const mostShown = 50;

const sentences = {
  added: 'joined the set since, and will be part of the job',
  left: 'left the set since, and will not be',
  deleted: 'deleted since, and will not be',
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
                {plural(count, 'device')} {sentences[name]}: <span class="id">{foldIds(shown)}</span>
                {count > shown.length ? ` and ${countText(count - shown.length)} more` : ''}
              </dd>
            </div>
          );
        })}
      </dl>
    </Note>
  );
}
