import { downloadDetails, listExecutions } from '../../api/jobs';
import { reasons, type Execution, type Job } from '../../api/types';
import { reasonName } from '../../logic/words';
import { sameValue, valueText } from '../../logic/value_text';
import { useLive } from '../../live/use_live';
import { usePages } from '../../live/use_pages';
import { FilterSelect, SearchBox } from '../../ui/controls';
import { DataTable, type Column } from '../../ui/data_table';
import { Empty } from '../../ui/notes';
import { Pager } from '../../ui/pager';
import { parameters, setParameters } from '../../ui/router';
import { StatusBadge } from '../../ui/status';
import { Time } from '../../ui/time';
import { Words } from '../../ui/words';
import { useAction } from '../../ui/use_action';

const pageSize = 50;
const names = ['status', 'reason', 'message', 'search', 'sort', 'order'] as const;

const columns: Column<Execution>[] = [
  { name: 'Name', kind: 'main', sort: 'device', cell: (execution) => <DeviceName execution={execution} /> },
  { name: 'Status', sort: 'status', cell: ({ status }) => <StatusBadge status={status} /> },
  { name: 'Message', kind: 'wide', cell: (execution) => <Message execution={execution} /> },
  { name: 'Attempts', kind: 'number', sort: 'attempts', cell: ({ attempts }) => attempts },
  { name: 'Last sent', sort: 'last_sent_at', cell: ({ last_sent_at: at }) => <Time at={at} /> },
  { name: 'Finished', sort: 'finished_at', cell: ({ finished_at: at }) => <Time at={at} /> },
];

function DeviceName({ execution: { device, name, deleted } }: { execution: Execution }) {
  if (deleted)
    return (
      <>
        <span class="id id-only">{device}</span> <span class="tag tag-deleted">deleted</span>
      </>
    );
  return (
    <>
      <a href={`/devices/${encodeURIComponent(device)}`}>{name}</a>
      {name === device ? null : (
        <>
          {' '}
          <span class="id">{device}</span>
        </>
      )}
    </>
  );
}

// Why an execution stands where it stands: the reason and message of a failure, the detail of a
// pending one, and what was changed.
function Message({ execution }: { execution: Execution }) {
  const { status, reason, message, detail, late, progress } = execution;
  return (
    <>
      {status === 'Failed' ? (
        <>
          <strong>{reasonName(reason)}</strong>: {message}
        </>
      ) : status === 'Pending' ? (
        <Words text={detail} />
      ) : (
        message || <Changed execution={execution} />
      )}
      {progress !== null && status === 'Pending' ? (
        <progress max={100} value={progress} aria-label="Progress of the device" />
      ) : null}
      {late ? <span class="late">{late}</span> : null}
    </>
  );
}

function Changed({ execution: { old, new: written } }: { execution: Execution }) {
  if (!written) return null;
  return (
    <span class="muted">
      {Object.keys(written).map((name, index) => (
        <span key={name}>
          {index > 0 ? ', ' : ''}
          {name} {old && !sameValue(old[name], written[name]) ? <>{valueText(old[name])} → </> : null}
          {valueText(written[name])}
        </span>
      ))}
    </span>
  );
}

export function ExecutionTable({ job }: { job: Job }) {
  const filter = Object.fromEntries(names.map((name) => [name, parameters.value.get(name) ?? '']));
  const pages = usePages(
    job.status === 'Pending'
      ? null
      : (cursor, signal) => listExecutions(job.job, { ...filter, limit: pageSize, cursor }, signal),
    `${job.job} ${job.status === 'Pending'} ${JSON.stringify(filter)}`,
  );
  useLive({
    job: (event) => event.job === job.job && pages.refresh(),
    devices: ({ changed, more }) => {
      // A device that comes or goes changes why its execution waits.
      if (
        job.status === 'Running' &&
        (more || changed.some(({ device }) => pages.items.some((row) => row.device === device)))
      )
        pages.refresh();
    },
  });
  const { busy, act } = useAction();
  const filtered = ['status', 'reason', 'message', 'search'].some((name) => filter[name]);
  if (job.status === 'Pending') {
    return (
      <section class="panel" aria-label="Devices">
        <Empty title="Not run yet.">
          Its devices are settled when it is run.{' '}
          <a href={`/jobs/${job.job}/edit`}>Look at what it would do</a>
        </Empty>
      </section>
    );
  }
  return (
    <section aria-labelledby="devices-title" class="section">
      <div class="section-head">
        <h2 id="devices-title" tabIndex={-1}>
          Devices
        </h2>
        <button
          type="button"
          class="button small"
          disabled={busy}
          onClick={() => act(async () => downloadDetails(job.job))}
        >
          Download job details
        </button>
      </div>
      <div class="filters" role="search" aria-label="Filter devices">
        <SearchBox
          label="Search devices"
          placeholder="Search device id"
          value={filter['search'] ?? ''}
          onChange={(search) => setParameters({ search })}
        />
        <FilterSelect
          label="Status"
          value={filter['status'] ?? ''}
          all="Any status"
          options={['Completed', 'Failed', 'Pending']}
          onChange={(status) =>
            setParameters({ status, ...(status === 'Failed' ? {} : { reason: '', message: '' }) })
          }
        />
        <FilterSelect
          label="Reason"
          value={filter['reason'] ?? ''}
          all="Any reason"
          options={reasons.map((value) => ({ value, text: reasonName(value) }))}
          onChange={(reason) => setParameters({ reason, message: '' })}
        />
        {filter['message'] ? (
          <button
            type="button"
            class="chip chip-on"
            onClick={() => setParameters({ message: '' })}
            aria-label={`Message “${filter['message']}”: remove this filter`}
          >
            “{filter['message']}” ×
          </button>
        ) : null}
        {filtered ? (
          <button
            type="button"
            class="bare"
            onClick={() => setParameters({ status: '', reason: '', message: '', search: '' })}
          >
            Clear
          </button>
        ) : null}
      </div>
      <DataTable
        label="Devices of the job"
        columns={columns}
        rows={pages.items}
        keyOf={({ device }) => device}
        loading={pages.loading}
        error={pages.error}
        retry={pages.reload}
        order={{ sort: filter['sort'] ?? '', order: filter['order'] === 'desc' ? 'desc' : 'asc' }}
        onOrder={(order) => setParameters({ ...order })}
        empty={
          <Empty
            title={
              pages.next
                ? 'No device so far; Next looks on.'
                : filtered
                  ? 'No device matches.'
                  : 'This job has no devices.'
            }
          />
        }
      />
      <Pager
        label="devices"
        number={pages.number}
        shown={pages.items.length}
        total={filtered ? undefined : job.tally.selected}
        next={pages.next}
        previous={pages.previous}
      />
    </section>
  );
}
