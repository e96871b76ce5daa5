import type { Draft, TimeUnit } from '../../logic/draft';
import { Field } from '../../ui/controls';
import type { Findings } from './findings';

interface Props {
  draft: Draft;
  at: Findings;
  change: (part: Partial<Draft>) => void;
}

const units: [TimeUnit, string][] = [
  ['s', 'seconds'],
  ['min', 'minutes'],
  ['h', 'hours'],
  ['d', 'days'],
];

export function PolicyEditor({ draft, at, change }: Props) {
  const commands = draft.type === 'commands';
  const usualTimeout = commands ? 'Usually as the template says, else 30 s.' : 'Usually 24 h.';
  const given = draft.timeout.count !== '' || draft.offline !== '' || draft.window !== '';
  return (
    <details class="advanced" open={given || at('policy').length > 0}>
      <summary>Advanced</summary>
      <Field
        id="policy.timeout_seconds"
        label="Timeout"
        optional
        errors={at('policy.timeout_seconds')}
        hint={`How long a device may take, being offline included. ${usualTimeout}`}
      >
        {(input) => (
          <span class="number-row">
            <input
              {...input}
              type="number"
              min={1}
              value={draft.timeout.count}
              onInput={(event) => change({ timeout: { ...draft.timeout, count: event.currentTarget.value } })}
            />
            <select
              aria-label="Unit of the timeout"
              value={draft.timeout.unit}
              onChange={(event) =>
                change({ timeout: { ...draft.timeout, unit: event.currentTarget.value as TimeUnit } })
              }
            >
              {units.map(([unit, name]) => (
                <option key={unit} value={unit}>
                  {name}
                </option>
              ))}
            </select>
          </span>
        )}
      </Field>
      <Field id="policy.offline" label="Devices that are offline" errors={at('policy.offline')}>
        {(input) => (
          <select
            {...input}
            value={draft.offline}
            onChange={(event) => change({ offline: event.currentTarget.value as Draft['offline'] })}
          >
            <option value="">{commands ? 'As usual: fail' : 'As usual: wait'}</option>
            <option value="wait">Wait until they come online</option>
            <option value="fail">Fail at once</option>
          </select>
        )}
      </Field>
      <Field
        id="policy.window"
        label="Window"
        optional
        errors={at('policy.window')}
        hint="At most this many devices at a time."
      >
        {(input) => (
          <input
            {...input}
            type="number"
            min={1}
            max={65535}
            value={draft.window}
            onInput={(event) => change({ window: event.currentTarget.value })}
          />
        )}
      </Field>
    </details>
  );
}
