import { useState } from 'preact/hooks';
import { listSetDevices } from '../../api/fleet';
import type { Device, SetDevices } from '../../api/types';
import type { KeptDrift } from '../../logic/drift_store';
import {
  countOf,
  everything,
  isSelected,
  markOfPage,
  markOfSet,
  nothing,
  withDevices,
  forget,
  type Choice,
} from '../../logic/selection';
import { countText } from '../../logic/times';
import { plural } from '../../logic/words';
import { useLive } from '../../live/use_live';
import { usePages } from '../../live/use_pages';
import { FilterSelect, MarkBox, SearchBox } from '../../ui/controls';
import { DataTable, type Column } from '../../ui/data_table';
import { Empty, Note } from '../../ui/notes';
import { Pager } from '../../ui/pager';
import { Presence } from '../../ui/status';

const pageSize = 25;
const mostGone = 100;

// A row is a device of the set, or the id of one that is no longer there.
type Row = { id: string; device: Device } | { id: string; gone: 'deleted' | 'left the set' };

interface Props {
  set: string;
  choice: Choice;
  drift: KeptDrift | null;
  gateway: boolean;
  errors: string[];
  onChange: (choice: Choice) => void;
}

export function DevicePicker(props: Props) {
  const { set, choice, errors, onChange } = props;
  return (
    <section class="panel picker" aria-labelledby="picker-title">
      <h2 id="picker-title">Devices</h2>
      {errors.length > 0 ? <SelectionErrors errors={errors} choice={choice} onChange={onChange} /> : null}
      {set ? (
        <SetDevicesTable key={set} {...props} />
      ) : (
        <Empty title="No device set chosen.">Its devices appear here, to pick from.</Empty>
      )}
    </section>
  );
}

// "names fridge-7; there is no such device": such ids can be taken out of the selection at once.
function SelectionErrors({ errors, choice, onChange }: Pick<Props, 'errors' | 'choice' | 'onChange'>) {
  const named = errors
    .map((text) => /names (\S+);/.exec(text)?.[1])
    .filter((id): id is string => id !== undefined);
  return (
    <Note kind="failed" alert testid="selection-error">
      <p>{errors.slice(0, 5).join('; ')}</p>
      {named.length > 0 ? (
        <button type="button" class="button small" onClick={() => onChange(forget(choice, named))}>
          Take {named.length === 1 ? 'it' : 'them'} out of the selection
        </button>
      ) : null}
    </Note>
  );
}

function SetDevicesTable({ set, choice, drift, gateway, onChange }: Props) {
  const [search, setSearch] = useState('');
  const [online, setOnline] = useState('');
  const pages = usePages<SetDevices>(
    (cursor, signal) => listSetDevices(set, { search, online, limit: pageSize, cursor }, signal),
    JSON.stringify([set, search, online]),
  );
  useLive({
    devices: ({ changed, more }) =>
      (more || changed.some(({ device }) => pages.items.some((row) => row.device === device))) &&
      pages.refresh(),
    registry: ({ kind, name }) => (kind !== 'set' || name === set || name === '') && pages.refresh(),
  });
  const { data } = pages;
  if (data?.broken) {
    return (
      <Note kind="failed" alert testid="broken-set">
        <p>
          <strong>This device set is broken.</strong>
        </p>
        <p>{data.broken}</p>
        <p>
          <a href={`/device-sets/${encodeURIComponent(set)}`}>Look at the set</a>
        </p>
      </Note>
    );
  }
  const total = data?.count ?? 0;
  const filtered = search !== '' || online !== '';
  const gone = filtered || pages.number > 1 ? [] : goneRows(drift);
  const rows: Row[] = [...gone, ...pages.items.map((device) => ({ id: device.device, device }))];
  const selectable = pages.items.filter((device) => !device.gateway).map(({ device }) => device);
  const why = gateway ? 'A gateway cannot be the target of a job.' : undefined;
  const disabled = gateway || total === 0;
  return (
    <>
      <div class="picker-head">
        <label class="check-label">
          <MarkBox
            label="Select every device of the entire set"
            mark={markOfSet(choice, total)}
            disabled={disabled}
            {...(why ? { title: why } : {})}
            onChange={(all) => onChange(all ? everything : nothing)}
          />
          <span>
            All {data ? countText(total) : ''} {plural(total, 'device')} of the set
          </span>
        </label>
        <p class="selected-line" role="status" data-testid="selected-line">
          <strong>{countText(countOf(choice, total))}</strong> of {countText(total)} selected
        </p>
      </div>
      <div class="filters" role="search" aria-label="Filter devices of the set">
        <SearchBox
          label="Search devices of the set"
          placeholder="Search id or name"
          value={search}
          onChange={setSearch}
        />
        <FilterSelect
          label="Presence"
          value={online}
          all="Online and offline"
          options={[
            { value: 'true', text: 'Online' },
            { value: 'false', text: 'Offline' },
          ]}
          onChange={setOnline}
        />
      </div>
      {gateway ? (
        <Note kind="info" testid="gateway-set">
          These devices are gateways. A job cannot target a gateway.
        </Note>
      ) : null}
      <DataTable
        label="Devices of the set"
        columns={columnsOf(choice, selectable, disabled, onChange)}
        rows={rows}
        keyOf={({ id }) => id}
        loading={pages.loading}
        error={pages.error}
        retry={pages.reload}
        rowClass={(row) => ('gone' in row ? 'row-gone' : '')}
        empty={
          filtered ? (
            <Empty title="No device of the set matches." />
          ) : (
            <Empty title="The set has no devices now.">A job on it would be refused.</Empty>
          )
        }
      />
      <Pager
        label="devices of the set"
        number={pages.number}
        shown={pages.items.length}
        total={filtered ? data?.matching : total}
        next={pages.next}
        previous={pages.previous}
      />
    </>
  );
}

function goneRows(drift: KeptDrift | null): Row[] {
  if (!drift) return [];
  const rows = (ids: string[], gone: 'deleted' | 'left the set') =>
    ids.slice(0, mostGone).map((id) => ({ id, gone }));
  return [...rows(drift.deleted, 'deleted'), ...rows(drift.left, 'left the set')];
}

function columnsOf(
  choice: Choice,
  selectable: string[],
  disabled: boolean,
  onChange: (choice: Choice) => void,
): Column<Row>[] {
  const page = (
    <label class="check-label">
      <MarkBox
        label="Select the devices of this page"
        mark={markOfPage(choice, selectable)}
        disabled={disabled || selectable.length === 0}
        onChange={(selected) => onChange(withDevices(choice, selectable, selected))}
      />
      <span>Name</span>
    </label>
  );
  return [
    {
      name: 'Name',
      kind: 'main',
      heading: page,
      cell: (row) => <PickCell row={row} choice={choice} onChange={onChange} />,
    },
    {
      name: 'Presence',
      cell: (row) =>
        'gone' in row ? (
          <span class="tag tag-deleted">{row.gone}</span>
        ) : (
          <Presence online={row.device.online} />
        ),
    },
  ];
}

function PickCell({
  row,
  choice,
  onChange,
}: {
  row: Row;
  choice: Choice;
  onChange: (choice: Choice) => void;
}) {
  if ('gone' in row) {
    return (
      <span class="check-label">
        <MarkBox
          label={`Select ${row.id}`}
          mark="none"
          disabled
          title={`It was ${row.gone === 'deleted' ? 'deleted' : 'in the set, and left it'}.`}
          onChange={() => undefined}
        />
        <span class="id id-only">{row.id}</span>
      </span>
    );
  }
  const { device, name, gateway } = row.device;
  return (
    <span class="check-label">
      <MarkBox
        label={`Select ${device}`}
        mark={!gateway && isSelected(choice, device) ? 'all' : 'none'}
        disabled={gateway}
        {...(gateway ? { title: 'A gateway cannot be the target of a job.' } : {})}
        onChange={(selected) => onChange(withDevices(choice, [device], selected))}
      />
      <span>
        <a class="quiet" href={`/devices/${encodeURIComponent(device)}`} target="_blank" rel="noopener">
          {name}
        </a>
        {name === device ? null : (
          <>
            {' '}
            <span class="id">{device}</span>
          </>
        )}
        {gateway ? <span class="tag">gateway</span> : null}
      </span>
    </span>
  );
}
