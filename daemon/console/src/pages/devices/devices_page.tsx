import { useEffect, useState } from 'preact/hooks';
import { detailsOf } from '../../api/error';
import { listDevices, listTemplates } from '../../api/fleet';
import type { Device } from '../../api/types';
import { queryMistakes } from '../../logic/query_error';
import { useLive } from '../../live/use_live';
import { usePages } from '../../live/use_pages';
import { useResource } from '../../live/use_resource';
import { FilterSelect, SearchBox } from '../../ui/controls';
import { DataTable, type Column } from '../../ui/data_table';
import { Empty } from '../../ui/notes';
import { PageFrame } from '../../ui/page';
import { Pager } from '../../ui/pager';
import { QueryField } from '../../ui/query_field';
import { parameters, setParameters } from '../../ui/router';
import { Presence } from '../../ui/status';
import { Tags } from '../../ui/tags';
import { Time } from '../../ui/time';

const pageSize = 50;
const typingMs = 400;

const columns: Column<Device>[] = [
  {
    name: 'Device',
    kind: 'main',
    sort: 'device',
    cell: ({ device }) => (
      <a class="id-link" href={`/devices/${encodeURIComponent(device)}`}>
        {device}
      </a>
    ),
  },
  {
    name: 'Name',
    sort: 'name',
    cell: ({ name, device }) => (name === device ? <span class="muted">–</span> : name),
  },
  { name: 'Presence', sort: 'online', cell: ({ online }) => <Presence online={online} /> },
  {
    name: 'Template',
    sort: 'template',
    cell: ({ template, gateway }) => (
      <>
        <a class="quiet" href={`/templates/${encodeURIComponent(template)}`}>
          {template}
        </a>
        {gateway ? (
          <>
            {' '}
            <span class="tag">gateway</span>
          </>
        ) : null}
      </>
    ),
  },
  { name: 'Tags', kind: 'wide', cell: ({ tags }) => <Tags tags={tags} most={4} /> },
  { name: 'Since', sort: 'since', cell: ({ since }) => <Time at={since} /> },
];

// The query takes effect when the typing pauses, so that half a query is not a mistake yet.
function useQueryText(): [string, (text: string) => void] {
  const applied = parameters.value.get('query') ?? '';
  const [text, setText] = useState(applied);
  useEffect(() => {
    if (text === applied) return undefined;
    const timer = setTimeout(() => setParameters({ query: text }), typingMs);
    return () => clearTimeout(timer);
  }, [text, applied]);
  return [text, setText];
}

export function DevicesPage() {
  const [query, setQuery] = useQueryText();
  const filter = Object.fromEntries(
    ['search', 'template', 'online', 'query', 'sort', 'order'].map((name) => [
      name,
      parameters.value.get(name) ?? '',
    ]),
  );
  const pages = usePages(
    (cursor, signal) => listDevices({ ...filter, limit: pageSize, cursor }, signal),
    JSON.stringify(filter),
  );
  const templates = useResource((signal) => listTemplates({ limit: 1000 }, signal), 'templates');
  useLive({
    devices: ({ changed, more }) =>
      (more || changed.some(({ device }) => pages.items.some((row) => row.device === device))) &&
      pages.refresh(),
    registry: ({ kind }) => kind === 'device' && pages.refresh(),
  });
  const mistakes = pages.error ? queryMistakes(detailsOf(pages.error), filter['query'] ?? '') : [];
  const filtered = ['search', 'template', 'online', 'query'].some((name) => filter[name]);
  const clear = () => {
    setQuery('');
    setParameters({ search: '', template: '', online: '', query: '' });
  };
  return (
    <PageFrame title="Devices">
      <div class="filters" role="search" aria-label="Filter devices">
        <SearchBox
          label="Search devices"
          placeholder="Search id or name"
          value={filter['search'] ?? ''}
          onChange={(search) => setParameters({ search })}
        />
        <FilterSelect
          label="Presence"
          value={filter['online'] ?? ''}
          all="Online and offline"
          options={[
            { value: 'true', text: 'Online' },
            { value: 'false', text: 'Offline' },
          ]}
          onChange={(online) => setParameters({ online })}
        />
        <FilterSelect
          label="Template"
          value={filter['template'] ?? ''}
          all="Any template"
          options={(templates.data?.items ?? []).map(({ template }) => template)}
          onChange={(template) => setParameters({ template })}
        />
        {filtered ? (
          <button type="button" class="bare" onClick={clear}>
            Clear
          </button>
        ) : null}
      </div>
      <QueryField
        id="query"
        label="Query"
        rows={1}
        value={query}
        mistakes={query === filter['query'] ? mistakes : []}
        onChange={setQuery}
        hint='Such as: tags.site == "oslo" && reported.firmware < "1.4.0" && !online'
      />
      {mistakes.length > 0 ? null : (
        <DataTable
          label="Devices"
          columns={columns}
          rows={pages.items}
          keyOf={({ device }) => device}
          loading={pages.loading}
          error={pages.error}
          retry={pages.reload}
          order={{ sort: filter['sort'] || 'device', order: filter['order'] === 'desc' ? 'desc' : 'asc' }}
          onOrder={(order) => setParameters({ ...order })}
          empty={
            filtered ? (
              <Empty title="No device matches.">
                <button type="button" class="button small" onClick={clear}>
                  Clear the filters
                </button>
              </Empty>
            ) : (
              <Empty title="No devices yet.">
                A device is here as soon as it has published anything to the broker.
              </Empty>
            )
          }
        />
      )}
      <Pager
        label="devices"
        number={pages.number}
        shown={pages.items.length}
        next={pages.next}
        previous={pages.previous}
      />
    </PageFrame>
  );
}
