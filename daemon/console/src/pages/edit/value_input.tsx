import { useEffect, useState } from 'preact/hooks';
import type { Json, JsonObject } from '../../api/types';
import { rangeText, type FieldModel } from '../../logic/schema_field';
import { valueText } from '../../logic/value_text';
import { Field } from '../../ui/controls';
import type { Findings } from './findings';

interface Props {
  path: string; // as the server names it; also the id
  label: string;
  model: FieldModel;
  unit?: string;
  description?: string;
  optional?: boolean;
  value: Json | undefined;
  at: Findings;
  problem: (path: string, text: string) => void;
  onChange: (value: Json | undefined) => void;
}

// An input for one value, as its schema asks. What is wrong is said by the server; only text that
// is not JSON never gets there.
export function ValueInput(props: Props) {
  const { model } = props;
  switch (model.kind) {
    case 'members':
      return <Members {...props} members={model.members} />;
    case 'number':
      return <NumberInput {...props} model={model} />;
    case 'choice':
      return <ChoiceInput {...props} options={model.options} />;
    case 'toggle':
      return <Toggle {...props} />;
    case 'text':
      return <TextInput {...props} long={model.long} />;
    case 'json':
      return <JsonInput {...props} expects={model.expects} />;
  }
}

const errorsOf = ({ at, path, value }: Props) => at(path, value !== undefined);

function hintOf({ model, unit, description }: Props): string | undefined {
  return [description, rangeText(model, unit)].filter(Boolean).join(' · ') || undefined;
}

function Members(props: Props & { members: Extract<FieldModel, { kind: 'members' }>['members'] }) {
  const { members, path, value, onChange } = props;
  const values = (value ?? {}) as JsonObject;
  if (members.length === 0) return <p class="hint">Takes no arguments.</p>;
  const put = (name: string, next: Json | undefined) => {
    const changed = { ...values };
    if (next === undefined) delete changed[name];
    else changed[name] = next;
    onChange(changed);
  };
  return (
    <div class="members" role="group" aria-label={props.label}>
      {members.map((member) => (
        <ValueInput
          key={member.name}
          path={`${path}.${member.name}`}
          label={member.title}
          description={member.description}
          model={member.model}
          optional={!member.required}
          value={values[member.name]}
          at={props.at}
          problem={props.problem}
          onChange={(next) => put(member.name, next)}
        />
      ))}
    </div>
  );
}

const fieldOf = (props: Props) => ({
  id: props.path,
  label: props.label,
  hint: hintOf(props),
  errors: errorsOf(props),
  optional: props.optional ?? false,
});

function NumberInput(props: Props & { model: Extract<FieldModel, { kind: 'number' }> }) {
  const { model, label, value, onChange, unit } = props;
  const { minimum, maximum, step } = model;
  const shown = typeof value === 'number' ? value : '';
  const take = (text: string) => onChange(text === '' ? undefined : Number(text));
  return (
    <Field {...fieldOf(props)}>
      {(given) => (
        <span class="number-row">
          {model.slider ? (
            <input
              type="range"
              aria-label={`${label}, slider`}
              min={minimum ?? undefined}
              max={maximum ?? undefined}
              step={step}
              value={shown === '' ? (minimum ?? 0) : shown}
              class={shown === '' ? 'unset' : ''}
              aria-valuetext={shown === '' ? 'not set' : `${shown} ${unit ?? ''}`.trim()}
              onInput={(event) => take(event.currentTarget.value)}
            />
          ) : null}
          <input
            {...given}
            type="number"
            inputMode={model.integer ? 'numeric' : 'decimal'}
            step={model.integer ? 1 : 'any'}
            value={shown}
            onInput={(event) => take(event.currentTarget.value)}
          />
          {unit ? (
            <span class="unit" aria-hidden="true">
              {unit}
            </span>
          ) : null}
        </span>
      )}
    </Field>
  );
}

function ChoiceInput(props: Props & { options: Json[] }) {
  const { options, value, onChange } = props;
  // Options are values of any type; the select holds their place in the list.
  const index = options.findIndex((option) => JSON.stringify(option) === JSON.stringify(value));
  return (
    <Field {...fieldOf(props)}>
      {(given) => (
        <select
          {...given}
          value={index < 0 ? '' : String(index)}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            onChange(chosen === '' ? undefined : options[Number(chosen)]);
          }}
        >
          <option value="">{value === undefined || index >= 0 ? 'Choose' : valueText(value)}</option>
          {options.map((option, place) => (
            <option key={place} value={String(place)}>
              {valueText(option)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Toggle(props: Props) {
  const { value, onChange } = props;
  return (
    <Field {...fieldOf(props)}>
      {(given) => (
        <span class="toggle-row">
          <input
            {...given}
            type="checkbox"
            role="switch"
            class="toggle"
            checked={value === true}
            onChange={(event) => onChange(event.currentTarget.checked)}
          />
          <span aria-hidden="true">{value === undefined ? 'not given' : value ? 'true' : 'false'}</span>
        </span>
      )}
    </Field>
  );
}

function TextInput(props: Props & { long: boolean }) {
  const { value, onChange, long } = props;
  const text = typeof value === 'string' ? value : '';
  // An optional argument that is emptied is left out; a value may be the empty text.
  const take = (typed: string) => onChange(typed === '' && props.optional ? undefined : typed);
  return (
    <Field {...fieldOf(props)}>
      {(given) =>
        long ? (
          <textarea {...given} rows={3} value={text} onInput={(event) => take(event.currentTarget.value)} />
        ) : (
          <input
            {...given}
            type="text"
            autoComplete="off"
            value={text}
            onInput={(event) => take(event.currentTarget.value)}
          />
        )
      }
    </Field>
  );
}

function JsonInput(props: Props & { expects: string }) {
  const { path, label, value, onChange, expects, problem } = props;
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [wrong, setWrong] = useState('');
  useEffect(() => () => problem(path, ''), [path]);
  const say = (message: string) => {
    setWrong(message);
    problem(path, message);
  };
  const take = (typed: string) => {
    setText(typed);
    if (typed.trim() === '') {
      say('');
      onChange(undefined);
      return;
    }
    try {
      const read = JSON.parse(typed) as Json;
      say('');
      onChange(read);
    } catch (error) {
      say(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return (
    <Field
      id={path}
      label={label}
      hint={[props.description, `JSON: ${expects}`].filter(Boolean).join(' · ')}
      errors={wrong ? [wrong] : errorsOf(props)}
      optional={props.optional ?? false}
    >
      {(given) => (
        <textarea
          {...given}
          class="code"
          rows={4}
          spellcheck={false}
          value={text}
          onInput={(event) => take(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
