import { useState } from 'preact/hooks';
import { ApiError, detailsOf, isAbort } from '../../api/error';
import { deleteSet, getSet, listTemplates, putSet, type SetBody } from '../../api/fleet';
import type { DeviceSet, ErrorDetail } from '../../api/types';
import { messagesAt, messagesElsewhere } from '../../logic/field_errors';
import { queryMistakes } from '../../logic/query_error';
import { mayAdminister, mayOperate } from '../../live/session';
import { useLive } from '../../live/use_live';
import { useResource } from '../../live/use_resource';
import { confirm } from '../../ui/confirm';
import { Field } from '../../ui/controls';
import { DetailList, ErrorNote, Note, Skeleton } from '../../ui/notes';
import { PageFrame } from '../../ui/page';
import { QueryField } from '../../ui/query_field';
import { navigate } from '../../ui/router';
import { useAction } from '../../ui/use_action';
import { SetPreview, usePreview } from './set_preview';

export function SetPage({ set }: { set: string | null }) {
  const above = <a href="/device-sets">‹ Device sets</a>;
  const { data, error, reload, refresh } = useResource(
    set === null ? null : (signal) => getSet(set, signal),
    `set ${set}`,
  );
  useLive({
    registry: ({ kind, name }) => (kind === 'template' || (kind === 'set' && name === set)) && refresh(),
  });
  if (set === null) {
    return (
      <PageFrame title="New device set" above={above}>
        <SetForm set={null} etag={undefined} reload={() => undefined} />
      </PageFrame>
    );
  }
  if (!data)
    return (
      <PageFrame title={set} above={above}>
        {error ? <ErrorNote error={error} retry={reload} /> : <Skeleton lines={6} />}
      </PageFrame>
    );
  const { body, etag } = data;
  const heading = (
    <>
      {body.title || body.set} {body.title ? <span class="id">{body.set}</span> : null}
    </>
  );
  const actions = (
    <>
      {mayOperate.value && !body.broken ? (
        <a class="button" href={`/jobs/new?set=${encodeURIComponent(set)}`}>
          New job
        </a>
      ) : null}
      {mayAdminister.value ? <DeleteButton set={body} /> : null}
    </>
  );
  return (
    <PageFrame title={body.title || body.set} heading={heading} above={above} actions={actions}>
      {body.broken ? (
        <Note kind="failed" testid="broken-set">
          <p>
            <strong>This device set is broken.</strong>
          </p>
          <p>{body.broken}</p>
        </Note>
      ) : null}
      <SetForm key={body.revision} set={body} etag={etag} reload={reload} />
    </PageFrame>
  );
}

function DeleteButton({ set }: { set: DeviceSet }) {
  const { busy, act } = useAction();
  const remove = () =>
    act(async () => {
      if (
        !(await confirm({
          title: `Delete the device set ${set.set}?`,
          text: 'Its devices stay. Saved jobs on it can no longer be run.',
          action: 'Delete',
        }))
      )
        return undefined;
      await deleteSet(set.set);
      await navigate('/device-sets');
      return `The device set ${set.set} is deleted.`;
    });
  return (
    <button type="button" class="button danger" disabled={busy} onClick={remove}>
      Delete
    </button>
  );
}

interface FormProps {
  set: DeviceSet | null;
  etag: string | undefined;
  reload: () => void;
}

const placed = ['set', 'title', 'description', 'template', 'query'];

function SetForm({ set, etag, reload }: FormProps) {
  const [name, setName] = useState(set?.set ?? '');
  const [body, setBody] = useState<SetBody>({
    title: set?.title ?? '',
    description: set?.description ?? '',
    template: set?.template ?? '',
    query: set?.query ?? '',
  });
  const [refused, setRefused] = useState<{ message: string; details: ErrorDetail[] } | null>(null);
  const { busy, act } = useAction();
  const templates = useResource((signal) => listTemplates({ limit: 1000 }, signal), 'templates');
  const preview = usePreview(body.template, body.query);
  const admin = mayAdminister.value;
  const at = (path: string) => messagesAt(refused?.details ?? [], path);
  const change = (part: Partial<SetBody>) => {
    setBody((before) => ({ ...before, ...part }));
    setRefused(null);
  };
  const mistakes =
    preview.mistakes.length > 0 ? preview.mistakes : queryMistakes(refused?.details ?? [], body.query);
  const save = () =>
    act(async () => {
      try {
        await putSet(name.trim(), body, etag);
      } catch (error) {
        if (isAbort(error) || !(error instanceof ApiError) || error.code === 'network') throw error;
        setRefused({ message: error.message, details: detailsOf(error) });
        return undefined;
      }
      if (set) reload();
      else await navigate(`/device-sets/${encodeURIComponent(name.trim())}`);
      return `The device set ${name.trim()} is saved.`;
    });
  return (
    <form
      aria-label="Device set"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div class="edit-columns">
        <fieldset class="edit-left" disabled={!admin}>
          <legend class="visually-hidden">Device set</legend>
          {refused ? (
            <Note kind="failed" alert>
              <p>
                <strong>{refused.message}</strong>
              </p>
              <DetailList details={messagesElsewhere(refused.details, placed)} />
            </Note>
          ) : null}
          {set ? null : (
            <Field id="set-name" label="Name" hint="Letters, digits, - and _; it stays." errors={at('set')}>
              {(given) => (
                <input
                  {...given}
                  value={name}
                  autoComplete="off"
                  spellcheck={false}
                  onInput={(event) => setName(event.currentTarget.value)}
                />
              )}
            </Field>
          )}
          <Field id="set-title" label="Title" optional errors={at('title')}>
            {(given) => (
              <input
                {...given}
                value={body.title}
                autoComplete="off"
                onInput={(event) => change({ title: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field id="set-description" label="Description" optional errors={at('description')}>
            {(given) => (
              <textarea
                {...given}
                rows={2}
                value={body.description}
                onInput={(event) => change({ description: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field id="set-template" label="Template" errors={at('template')}>
            {(given) => (
              <select
                {...given}
                value={body.template}
                onChange={(event) => change({ template: event.currentTarget.value })}
              >
                <option value="">Choose a template</option>
                {body.template &&
                !templates.data?.items.some(({ template }) => template === body.template) ? (
                  <option value={body.template}>{body.template}</option>
                ) : null}
                {(templates.data?.items ?? []).map(({ template, title, gateway }) => (
                  <option key={template} value={template}>
                    {title ? `${title} (${template})` : template}
                    {gateway ? ' – gateway' : ''}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <QueryField
            id="set-query"
            label="Query"
            rows={4}
            value={body.query}
            mistakes={mistakes}
            onChange={(query) => change({ query })}
            hint='Empty selects every device of the template. Such as: tags.site == "oslo" && !("retired" in tags)'
          />
          {admin ? (
            <div class="actions">
              <button
                type="submit"
                class="button primary"
                disabled={busy || name.trim() === '' || body.template === ''}
              >
                Save
              </button>
              <a class="button plain" href="/device-sets">
                Cancel
              </a>
            </div>
          ) : (
            <p class="hint">Only an admin can change device sets.</p>
          )}
        </fieldset>
        <SetPreview preview={preview} />
      </div>
    </form>
  );
}
