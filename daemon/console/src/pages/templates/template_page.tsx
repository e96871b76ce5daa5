import { useState } from 'preact/hooks';
import { deleteTemplate, getTemplate } from '../../api/fleet';
import type { StoredTemplate } from '../../api/types';
import { mayAdminister } from '../../live/session';
import { useLive } from '../../live/use_live';
import { useResource } from '../../live/use_resource';
import { confirm } from '../../ui/confirm';
import { ErrorNote, Note, Skeleton } from '../../ui/notes';
import { PageFrame } from '../../ui/page';
import { navigate } from '../../ui/router';
import { useAction } from '../../ui/use_action';
import { TemplateEditor } from './template_editor';
import { TemplateTables } from './template_tables';

export function TemplatePage({ template }: { template: string | null }) {
  const above = <a href="/templates">‹ Templates</a>;
  const { data, error, reload, refresh } = useResource(
    template === null ? null : (signal) => getTemplate(template, signal),
    `template ${template}`,
  );
  const [editing, setEditing] = useState(false);
  useLive({
    registry: ({ kind, name }) =>
      kind === 'template' && (name === template || name === '') && !editing && refresh(),
  });
  if (template === null) {
    return (
      <PageFrame title="New template" above={above}>
        <TemplateEditor
          stored={null}
          etag={undefined}
          onDone={() => void navigate('/templates')}
          onSaved={(name) => void navigate(`/templates/${encodeURIComponent(name)}`)}
        />
      </PageFrame>
    );
  }
  if (!data)
    return (
      <PageFrame title={template} above={above}>
        {error ? <ErrorNote error={error} retry={reload} /> : <Skeleton lines={8} />}
      </PageFrame>
    );
  const { body, etag } = data;
  const title = body.document.title || body.template;
  const heading = (
    <>
      {title} {title === body.template ? null : <span class="id">{body.template}</span>}{' '}
      <span class="tag">version {body.version}</span>
    </>
  );
  const actions =
    mayAdminister.value && !editing ? (
      <>
        <button type="button" class="button" onClick={() => setEditing(true)}>
          Edit
        </button>
        <DeleteButton template={body} />
      </>
    ) : null;
  return (
    <PageFrame title={title} heading={heading} above={above} actions={actions}>
      {editing ? (
        <TemplateEditor
          stored={body}
          etag={etag}
          onDone={() => setEditing(false)}
          onSaved={() => {
            setEditing(false);
            reload();
          }}
        />
      ) : (
        <>
          {body.document.description ? <p class="description">{body.document.description}</p> : null}
          {body.document.gateway ? (
            <Note kind="info">Devices of this template are gateways: no job can target them.</Note>
          ) : null}
          <TemplateTables document={body.document} />
        </>
      )}
    </PageFrame>
  );
}

function DeleteButton({ template }: { template: StoredTemplate }) {
  const { busy, act } = useAction();
  const remove = () =>
    act(async () => {
      if (
        !(await confirm({
          title: `Delete the template ${template.template}?`,
          text: 'Device sets of this template are broken then, until it is back.',
          action: 'Delete',
        }))
      )
        return undefined;
      await deleteTemplate(template.template);
      await navigate('/templates');
      return `The template ${template.template} is deleted.`;
    });
  return (
    <button type="button" class="button danger" disabled={busy} onClick={remove}>
      Delete
    </button>
  );
}
