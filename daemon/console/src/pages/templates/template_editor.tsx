import { useRef, useState } from 'preact/hooks';
import { ApiError, detailsOf } from '../../api/error';
import { putTemplate } from '../../api/fleet';
import type { StoredTemplate } from '../../api/types';
import { useResource } from '../../live/use_resource';
import { ErrorNote, Note, Skeleton } from '../../ui/notes';
import { guardLeaving } from '../../ui/router';
import { useLeaveGuard } from '../../ui/use_leave_guard';
import { useAction } from '../../ui/use_action';
import type { YamlMistake } from './template_yaml';

type Yaml = typeof import('./template_yaml');

const example = `name: fan
title: Fan
settings:
  speed:
    title: Speed
    unit: level
    schema:
      type: integer
      minimum: 0
      maximum: 5
commands:
  beep:
    title: Beep
`;

interface Props {
  stored: StoredTemplate | null;
  etag: string | undefined;
  onDone: () => void;
  onSaved: (name: string) => void;
}

export function TemplateEditor(props: Props) {
  const yaml = useResource<Yaml>(() => import('./template_yaml'), 'yaml');
  if (yaml.error) return <ErrorNote error={yaml.error} retry={yaml.reload} />;
  return yaml.data ? <Editor {...props} yaml={yaml.data} /> : <Skeleton lines={10} />;
}

function Editor({ stored, etag, onDone, onSaved, yaml }: Props & { yaml: Yaml }) {
  const [begin] = useState(() => (stored ? yaml.writeYaml(stored.document) : example));
  const [text, setText] = useState(begin);
  const [refused, setRefused] = useState<{ message: string; mistakes: YamlMistake[] } | null>(null);
  const { busy, act } = useAction();
  const area = useRef<HTMLTextAreaElement>(null);
  const read = yaml.readYaml(text);
  const mistakes = read.mistakes.length > 0 ? read.mistakes : (refused?.mistakes ?? []);
  const dirty = text !== begin;
  useLeaveGuard(dirty, 'What you changed in the template is lost then.');

  const save = () =>
    act(async () => {
      if (!read.document) return undefined;
      const name = stored?.template ?? String(read.document.name ?? '');
      setRefused(null);
      try {
        const saved = await putTemplate(name || 'unnamed', read.document, etag);
        guardLeaving(null);
        onSaved(saved.template);
        return `The template ${saved.template} is saved as version ${saved.version}.`;
      } catch (error) {
        if (error instanceof ApiError && error.code !== 'network')
          setRefused({ message: error.message, mistakes: yaml.mistakesOf(read, detailsOf(error)) });
        throw error;
      }
    });

  const goTo = (line: number) => {
    const start =
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + (line > 1 ? 1 : 0);
    const end = text.indexOf('\n', start);
    area.current?.focus();
    area.current?.setSelectionRange(start, end < 0 ? text.length : end);
  };

  return (
    <form
      class="yaml"
      aria-label="Template"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {refused ? (
        <Note kind="failed" alert testid="refused">
          <strong>{refused.message}</strong>
        </Note>
      ) : null}
      <div class="field">
        <label for="yaml">Template as YAML</label>
        <textarea
          ref={area}
          id="yaml"
          class="code yaml-text"
          rows={Math.min(36, Math.max(16, text.split('\n').length + 1))}
          spellcheck={false}
          autoComplete="off"
          wrap="off"
          aria-invalid={mistakes.length > 0}
          aria-describedby={mistakes.length > 0 ? 'yaml-error' : undefined}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setRefused(null);
          }}
        />
        {mistakes.length > 0 ? (
          <ul class="yaml-mistakes" id="yaml-error" data-testid="yaml-mistakes">
            {mistakes.slice(0, 20).map(({ line, message }) => (
              <li key={`${line} ${message}`}>
                <button type="button" class="link" onClick={() => goTo(line)}>
                  line {line}
                </button>{' '}
                <span class="field-error">{message}</span>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
      <div class="actions">
        <button type="submit" class="button primary" disabled={busy || read.document === null}>
          Save
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            guardLeaving(null);
            onDone();
          }}
        >
          Cancel
        </button>
      </div>
      <p class="hint">Saving makes a new version. Running jobs keep the version that they were run with.</p>
    </form>
  );
}
