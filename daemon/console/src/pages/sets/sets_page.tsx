import { countSet, listSets } from '../../api/fleet';
import type { DeviceSet } from '../../api/types';
import { countText } from '../../logic/times';
import { mayAdminister, mayOperate } from '../../live/session';
import { useLive } from '../../live/use_live';
import { usePages } from '../../live/use_pages';
import { useResource } from '../../live/use_resource';
import { DataTable, type Column } from '../../ui/data_table';
import { Empty } from '../../ui/notes';
import { PageFrame } from '../../ui/page';
import { Pager } from '../../ui/pager';

const pageSize = 25;

// Counting a set means evaluating its query, so each one that is shown is asked for by itself.
function Count({ set }: { set: DeviceSet }) {
  const { data, refresh } = useResource(
    set.broken ? null : (signal) => countSet(set.set, signal),
    `count ${set.set} ${set.revision}`,
  );
  useLive({ registry: ({ kind, name }) => (kind === 'device' || name === set.set) && refresh() });
  if (set.broken) return <span class="muted">–</span>;
  return data === null ? <span class="skeleton skeleton-short" /> : <>{countText(data)}</>;
}

const columns: Column<DeviceSet>[] = [
  {
    name: 'Name',
    kind: 'main',
    cell: ({ set, title }) => (
      <>
        <a href={`/device-sets/${encodeURIComponent(set)}`}>{title || set}</a>
        {title ? (
          <>
            {' '}
            <span class="id">{set}</span>
          </>
        ) : null}
      </>
    ),
  },
  { name: 'Devices', kind: 'number', cell: (set) => <Count set={set} /> },
  {
    name: 'Template',
    cell: ({ template }) => (
      <a class="quiet" href={`/templates/${encodeURIComponent(template)}`}>
        {template}
      </a>
    ),
  },
  {
    name: 'Query',
    kind: 'wide',
    cell: ({ query }) =>
      query ? <code>{query}</code> : <span class="muted">all devices of the template</span>,
  },
  {
    name: 'State',
    cell: ({ broken }) =>
      broken ? (
        <span class="tag tag-broken" title={broken}>
          broken
        </span>
      ) : (
        <span class="muted">ok</span>
      ),
  },
  {
    name: 'New job',
    heading: <span class="visually-hidden">New job</span>,
    cell: ({ set, broken }) =>
      broken || !mayOperate.value ? null : (
        <a class="quiet" href={`/jobs/new?set=${encodeURIComponent(set)}`} aria-label={`New job on ${set}`}>
          New job
        </a>
      ),
  },
];

export function SetsPage() {
  const pages = usePages((cursor, signal) => listSets({ limit: pageSize, cursor }, signal), 'sets');
  useLive({ registry: ({ kind }) => kind !== 'device' && pages.refresh() });
  return (
    <PageFrame
      title="Device sets"
      actions={
        mayAdminister.value ? (
          <a class="button primary" href="/device-sets/new">
            + New
          </a>
        ) : null
      }
    >
      <DataTable
        label="Device sets"
        columns={columns}
        rows={pages.items}
        keyOf={({ set }) => set}
        loading={pages.loading}
        error={pages.error}
        retry={pages.reload}
        empty={
          <Empty title="No device sets yet.">
            A set is a question to the fleet, asked anew whenever it is looked at.{' '}
            {mayAdminister.value ? <a href="/device-sets/new">Make the first one</a> : null}
          </Empty>
        }
      />
      <Pager
        label="device sets"
        number={pages.number}
        shown={pages.items.length}
        next={pages.next}
        previous={pages.previous}
      />
    </PageFrame>
  );
}
