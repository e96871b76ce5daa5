import { useEffect, useState } from 'preact/hooks';
import { detailsOf } from '../../api/error';
import { previewSet } from '../../api/fleet';
import type { Device, SetDevices } from '../../api/types';
import { queryMistakes, type QueryMistake } from '../../logic/query_error';
import { countText } from '../../logic/times';
import { plural } from '../../logic/words';
import { useLive } from '../../live/use_live';
import { usePages, type Pages } from '../../live/use_pages';
import { SearchBox } from '../../ui/controls';
import { DataTable, type Column } from '../../ui/data_table';
import { Empty } from '../../ui/notes';
import { Pager } from '../../ui/pager';
import { Presence } from '../../ui/status';
import { Tags } from '../../ui/tags';

const typingMs = 400;
const pageSize = 25;

export interface Preview {
  pages: Pages<SetDevices>;
  asked: boolean;
  search: string;
  setSearch: (text: string) => void;
  mistakes: QueryMistake[];
}

// The devices that the query matches now, asked for when the typing pauses.
export function usePreview(template: string, query: string): Preview {
  const [settled, setSettled] = useState({ template, query });
  const [search, setSearch] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ template, query }), typingMs);
    return () => clearTimeout(timer);
  }, [template, query]);
  const asked = settled.template !== '';
  const pages = usePages<SetDevices>(
    asked ? (cursor, signal) => previewSet({ ...settled, search, limit: pageSize, cursor }, signal) : null,
    JSON.stringify([settled, search]),
  );
  useLive({
    registry: ({ kind }) => kind !== 'set' && pages.refresh(),
    devices: ({ changed, more }) =>
      (more || changed.some(({ device }) => pages.items.some((row) => row.device === device))) &&
      pages.refresh(),
  });
  const current = settled.query === query;
  return {
    pages,
    asked,
    search,
    setSearch,
    mistakes: current && pages.error ? queryMistakes(detailsOf(pages.error), query) : [],
  };
}

const columns: Column<Device>[] = [
  {
    name: 'Name',
    kind: 'main',
    cell: ({ device, name }) => (
      <>
        <a href={`/devices/${encodeURIComponent(device)}`}>{name}</a>
        {name === device ? null : (
          <>
            {' '}
            <span class="id">{device}</span>
          </>
        )}
      </>
    ),
  },
  { name: 'Presence', cell: ({ online }) => <Presence online={online} /> },
  { name: 'Tags', kind: 'wide', cell: ({ tags }) => <Tags tags={tags} most={3} /> },
];

export function SetPreview({ preview: { pages, asked, search, setSearch, mistakes } }: { preview: Preview }) {
  const { data } = pages;
  const wrong = mistakes.length > 0;
  return (
    <section class="panel picker" aria-labelledby="preview-title">
      <div class="section-head">
        <h2 id="preview-title">Matching devices</h2>
        <p role="status" data-testid="preview-count">
          {wrong ? (
            'The query has a mistake.'
          ) : data && !data.broken ? (
            <>
              <strong>{countText(data.count)}</strong> {plural(data.count, 'device')}
            </>
          ) : (
            ''
          )}
        </p>
      </div>
      {!asked ? (
        <Empty title="No template chosen.">The devices that match appear here.</Empty>
      ) : wrong ? (
        <Empty title="No preview." />
      ) : (
        <>
          <div class="filters" role="search" aria-label="Filter matching devices">
            <SearchBox
              label="Search matching devices"
              placeholder="Search id or name"
              value={search}
              onChange={setSearch}
            />
          </div>
          <DataTable
            label="Matching devices"
            columns={columns}
            rows={pages.items}
            keyOf={({ device }) => device}
            loading={pages.loading}
            error={pages.error}
            retry={pages.reload}
            empty={<Empty title={data?.broken ? data.broken : 'No device matches.'} />}
          />
          <Pager
            label="matching devices"
            number={pages.number}
            shown={pages.items.length}
            total={search ? data?.matching : data?.count}
            next={pages.next}
            previous={pages.previous}
          />
        </>
      )}
    </section>
  );
}
