import { jobTypes, type JobType, type Json, type TemplateDocument } from '../../api/types';
import { newOperation, type Draft, type DraftOperation } from '../../logic/draft';
import { fieldOf, initialValue } from '../../logic/schema_field';
import { operationWord, typeName } from '../../logic/words';
import { Field } from '../../ui/controls';
import type { Findings } from './findings';
import { ValueInput } from './value_input';

// What the template offers for a job of this type, in one shape: properties that only the device
// says cannot be written, and commands without arguments take an empty object.
interface Offer {
  name: string;
  title: string;
  description: string;
  unit: string;
  schema: Record<string, Json>;
}

function offersOf(template: TemplateDocument | null, type: JobType): Offer[] {
  if (!template) return [];
  if (type === 'commands') {
    return Object.entries(template.commands ?? {}).map(([name, { title, description, args }]) => ({
      name,
      title: title || name,
      description: description ?? '',
      unit: '',
      schema: args ?? { type: 'object', properties: {} },
    }));
  }
  return Object.entries(template[type] ?? {})
    .filter(([, { readOnly }]) => !readOnly)
    .map(([name, { title, description, unit, schema }]) => ({
      name,
      title: title || name,
      description: description ?? '',
      unit: unit ?? '',
      schema,
    }));
}

interface Props {
  draft: Draft;
  template: TemplateDocument | null;
  at: Findings;
  change: (part: Partial<Draft>) => void;
  problem: (path: string, text: string) => void;
}

const mostOperations = 16;

export function OperationsEditor({ draft, template, at, change, problem }: Props) {
  const { type } = draft;
  const operations = draft.operations[type];
  const offers = offersOf(template, type);
  const put = (next: DraftOperation[]) => change({ operations: { ...draft.operations, [type]: next } });
  const word = operationWord(type);
  const whole = operations.length === 0 ? at('operations', false) : [];
  return (
    <fieldset class="operations">
      <legend class="visually-hidden">Operations</legend>
      <div class="type-row">
        <Field id="type" label="Job type">
          {(given) => (
            <select
              {...given}
              value={type}
              onChange={(event) => change({ type: event.currentTarget.value as JobType })}
            >
              {jobTypes.map((one) => (
                <option key={one} value={one}>
                  {typeName(one)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <button
          type="button"
          class="button add"
          aria-label="Add operation"
          title={`Add a ${word}`}
          disabled={operations.length >= mostOperations}
          onClick={() => put([...operations, newOperation()])}
        >
          +
        </button>
      </div>
      {operations.length === 0 ? (
        <p class={whole.length > 0 ? 'field-error' : 'hint'}>
          {whole.length > 0 ? `operations ${whole[0]}` : `Press + to add a ${word}.`}
        </p>
      ) : null}
      <ol class="operation-list">
        {operations.map((operation, index) => (
          <OperationRow
            key={operation.key}
            index={index}
            operation={operation}
            offers={offers}
            type={type}
            known={template !== null}
            at={at}
            problem={problem}
            taken={
              type === 'commands' ? [] : operations.filter((one) => one !== operation).map(({ name }) => name)
            }
            onChange={(changed) => put(operations.map((one) => (one === operation ? changed : one)))}
            onRemove={() => put(operations.filter((one) => one !== operation))}
          />
        ))}
      </ol>
    </fieldset>
  );
}

interface RowProps {
  index: number;
  operation: DraftOperation;
  offers: Offer[];
  type: JobType;
  known: boolean;
  taken: string[];
  at: Findings;
  problem: (path: string, text: string) => void;
  onChange: (operation: DraftOperation) => void;
  onRemove: () => void;
}

function OperationRow({
  index,
  operation,
  offers,
  type,
  known,
  taken,
  at,
  problem,
  onChange,
  onRemove,
}: RowProps) {
  const path = `operations[${index}]`;
  const offer = offers.find(({ name }) => name === operation.name);
  const number = index + 1;
  const word = operationWord(type);
  const label = `${word[0]!.toUpperCase()}${word.slice(1)} ${number}`;
  const choose = (name: string) => {
    const chosen = offers.find((one) => one.name === name);
    onChange({ ...operation, name, value: chosen ? initialValue(chosen.schema) : undefined });
  };
  return (
    <li class="operation" data-testid="operation">
      <div class="operation-head">
        <Field
          id={`${path}.name`}
          label={label}
          errors={at(`${path}.name`, operation.name !== '')}
          hint={offer?.description || undefined}
        >
          {(given) => (
            <select {...given} value={operation.name} onChange={(event) => choose(event.currentTarget.value)}>
              <option value="">{known ? `Choose a ${word}` : 'Choose a device set first'}</option>
              {operation.name && !offer ? <option value={operation.name}>{operation.name}</option> : null}
              {offers.map(({ name, title }) => (
                <option key={name} value={name} disabled={taken.includes(name)}>
                  {title === name ? name : `${title} (${name})`}
                </option>
              ))}
            </select>
          )}
        </Field>
        <button
          type="button"
          class="bare remove"
          aria-label={`Remove operation ${number}`}
          title="Remove"
          onClick={onRemove}
        >
          ×
        </button>
      </div>
      {offer ? (
        <ValueInput
          path={`${path}.${type === 'commands' ? 'args' : 'value'}`}
          label={type === 'commands' ? 'Arguments' : 'Value'}
          model={fieldOf(offer.schema)}
          unit={offer.unit}
          value={operation.value}
          at={at}
          problem={problem}
          onChange={(value) => onChange({ ...operation, value })}
        />
      ) : null}
    </li>
  );
}
