import { listTemplates } from '../../api/fleet';
import type { ListedTemplate } from '../../api/types';
import { countText } from '../../logic/times';
import { mayAdminister } from '../../live/session';
import { useLive } from '../../live/use_live';
import { usePages } from '../../live/use_pages';
import { DataTable, type Column } from '../../ui/data_table';
import { Empty } from '../../ui/notes';
import { PageFrame } from '../../ui/page';
import { Pager } from '../../ui/pager';

const columns: Column<ListedTemplate>[] = [
  {
    name: 'Name',
    kind: 'main',
    cell: ({ template, title }) => (
      <>
        <a href={`/templates/${encodeURIComponent(template)}`}>{title || template}</a>
        {title ? (
          <>
            {' '}
            <span class="id">{template}</span>
          </>
        ) : null}
      </>
    ),
  },
  { name: 'Version', kind: 'number', cell: ({ version }) => version },
  { name: 'Devices', kind: 'number', cell: ({ devices }) => countText(devices) },
  {
    name: 'Kind',
    cell: ({ gateway }) =>
      gateway ? <span class="tag">gateway: no job can target it</span> : <span class="muted">device</span>,
  },
];

export function TemplatesPage() {
  const pages = usePages((cursor, signal) => listTemplates({ limit: 50, cursor }, signal), 'templates');
  useLive({ registry: ({ kind }) => kind !== 'set' && pages.refresh() });
  return (
    <PageFrame
      title="Templates"
      actions={
        mayAdminister.value ? (
          <a class="button primary" href="/templates/new">
            + New
          </a>
        ) : null
      }
    >
      <DataTable
        label="Templates"
        columns={columns}
        rows={pages.items}
        keyOf={({ template }) => template}
        loading={pages.loading}
        error={pages.error}
        retry={pages.reload}
        empty={
          <Empty title="No templates yet.">
            A template says what a kind of device can do: its settings, properties and commands.{' '}
            {mayAdminister.value ? <a href="/templates/new">Write the first one</a> : null}
          </Empty>
        }
      />
      <Pager
        label="templates"
        number={pages.number}
        shown={pages.items.length}
        next={pages.next}
        previous={pages.previous}
      />
    </PageFrame>
  );
}
