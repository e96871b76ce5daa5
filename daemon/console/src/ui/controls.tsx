import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

const pauseMs = 250;

interface SearchProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  placeholder?: string;
}

// Tells what was typed when the typing pauses.
export function SearchBox({ label, value, onChange, placeholder }: SearchProps) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <input
      type="search"
      class="search"
      aria-label={label}
      placeholder={placeholder ?? label}
      value={text}
      autoComplete="off"
      spellcheck={false}
      onInput={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => onChange(typed.trim()), pauseMs);
      }}
    />
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  all: string; // the choice that filters nothing
  options: readonly (string | { value: string; text: string })[];
  onChange: (value: string) => void;
}

export function FilterSelect({ label, value, all, options, onChange }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{all}</option>
      {options.map((option) => {
        const { value: one, text } = typeof option === 'string' ? { value: option, text: option } : option;
        return (
          <option key={one} value={one}>
            {text}
          </option>
        );
      })}
    </select>
  );
}

interface CheckProps {
  label: string;
  mark: 'none' | 'some' | 'all';
  disabled?: boolean;
  title?: string;
  testid?: string;
  onChange: (checked: boolean) => void;
}

// A check box that also knows "some"; pressed then, it selects all.
export function MarkBox({ label, mark, disabled, title, testid, onChange }: CheckProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = mark === 'some';
  }, [mark]);
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label={label}
      title={title}
      data-testid={testid}
      checked={mark === 'all'}
      disabled={disabled}
      onChange={(event) => {
        // What is shown is what we hold, not what the browser made of the click.
        const wanted = event.currentTarget.checked;
        event.currentTarget.checked = mark === 'all';
        onChange(wanted);
      }}
    />
  );
}

interface FieldProps {
  id: string;
  label: string;
  hint?: ComponentChildren;
  errors?: string[];
  optional?: boolean;
  children: (given: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean;
  }) => ComponentChildren;
}

// A labelled input with its hint and what is wrong with it, both tied to it for screen readers.
export function Field({ id, label, hint, errors = [], optional, children }: FieldProps) {
  const described = [hint ? `${id}-hint` : '', errors.length > 0 ? `${id}-error` : '']
    .filter(Boolean)
    .join(' ');
  return (
    <div class={errors.length > 0 ? 'field field-wrong' : 'field'}>
      <label for={id}>
        {label}
        {optional ? <span class="muted"> (optional)</span> : null}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': errors.length > 0 })}
      {hint ? (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {errors.length > 0 ? (
        <p class="field-error" id={`${id}-error`} data-testid="field-error">
          {errors.join('; ')}
        </p>
      ) : null}
    </div>
  );
}
