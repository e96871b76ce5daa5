import { useState } from 'preact/hooks';
import { changeDevice } from '../../api/fleet';
import type { Device, Json, JsonObject, TemplateDocument } from '../../api/types';
import { changedPairs, pairsOf, type Pair } from '../../logic/pairs';
import { valueText } from '../../logic/value_text';
import { mayAdminister } from '../../live/session';
import { useAction } from '../../ui/use_action';

interface Props {
  device: Device;
  kind: 'tags' | 'properties';
  title: string;
  template?: TemplateDocument | null;
  onSaved: () => void;
}

// Tags or properties of a device; an admin may change them.
export function PairsEditor({ device, kind, title, template, onSaved }: Props) {
  const [pairs, setPairs] = useState<Pair[] | null>(null);
  const { busy, act } = useAction();
  const values = device[kind];
  const save = () =>
    act(async () => {
      if (pairs) await changeDevice(device.device, { [kind]: changedPairs(values, pairs) });
      setPairs(null);
      onSaved();
      return `${title} of ${device.device} are saved.`;
    });
  return (
    <section class="panel" aria-labelledby={`${kind}-title`}>
      <div class="section-head">
        <h2 id={`${kind}-title`}>{title}</h2>
        {mayAdminister.value && !pairs ? (
          <button
            type="button"
            class="button small"
            aria-label={`Edit ${kind}`}
            onClick={() => setPairs(pairsOf(values))}
          >
            Edit
          </button>
        ) : null}
      </div>
      {pairs ? (
        <PairFields kind={kind} pairs={pairs} onChange={setPairs} />
      ) : (
        <PairList values={values} {...(template ? { template } : {})} />
      )}
      {pairs ? (
        <div class="actions">
          <button type="button" class="button primary small" disabled={busy} onClick={save}>
            Save {kind}
          </button>
          <button type="button" class="button small" onClick={() => setPairs(null)}>
            Cancel
          </button>
        </div>
      ) : null}
    </section>
  );
}

function PairList({ values, template }: { values: JsonObject; template?: TemplateDocument }) {
  const names = Object.keys(values).sort();
  if (names.length === 0) return <p class="muted">None.</p>;
  const titleOf = (name: string) => template?.properties?.[name]?.title;
  return (
    <dl class="pairs">
      {names.map((name) => (
        <div key={name}>
          <dt>{titleOf(name) ?? name}</dt>
          <dd>{valueText(values[name] as Json)}</dd>
        </div>
      ))}
    </dl>
  );
}

function PairFields({
  kind,
  pairs,
  onChange,
}: {
  kind: string;
  pairs: Pair[];
  onChange: (pairs: Pair[]) => void;
}) {
  const put = (index: number, part: Partial<Pair>) =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...part } : pair)));
  return (
    <>
      <p class="hint">A number, true or false is taken as such; anything else as text.</p>
      {pairs.map((pair, index) => (
        <div key={index} class="pair-row">
          <input
            aria-label={`Name ${index + 1} of ${kind}`}
            value={pair.name}
            onInput={(event) => put(index, { name: event.currentTarget.value })}
          />
          <input
            aria-label={`Value of ${pair.name || index + 1}`}
            value={pair.text}
            onInput={(event) => put(index, { text: event.currentTarget.value })}
          />
          <button
            type="button"
            class="bare"
            aria-label={`Remove ${pair.name || index + 1}`}
            onClick={() => onChange(pairs.filter((_, at) => at !== index))}
          >
            ×
          </button>
        </div>
      ))}
      <button type="button" class="button small" onClick={() => onChange([...pairs, { name: '', text: '' }])}>
        Add
      </button>
    </>
  );
}
