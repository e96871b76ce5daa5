import { listDeviceJobs } from '../../api/fleet';
import type { DeviceExecution } from '../../api/types';
import { reasonName } from '../../logic/words';
import { useLive } from '../../live/use_live';
import { usePages } from '../../live/use_pages';
import { DataTable, type Column } from '../../ui/data_table';
import { Empty } from '../../ui/notes';
import { Pager } from '../../ui/pager';
import { StatusBadge } from '../../ui/status';
import { Time } from '../../ui/time';
import { Words } from '../../ui/words';

const columns: Column<DeviceExecution>[] = [
  {
    name: 'Job',
    kind: 'main',
    cell: ({ job, job_name: name }) => (
      <>
        <a href={`/jobs/${job}`}>{name}</a> <span class="id">#{job}</span>
      </>
    ),
  },
  { name: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
  {
    name: 'Message',
    kind: 'wide',
    cell: ({ status, reason, message, detail }) =>
      status === 'Failed' ? (
        <>
          <strong>{reasonName(reason)}</strong>: {message}
        </>
      ) : (
        <Words text={detail || message || '–'} />
      ),
  },
  { name: 'Attempts', kind: 'number', cell: ({ attempts }) => attempts },
  { name: 'First sent', cell: ({ first_sent_at: at }) => <Time at={at} /> },
  { name: 'Finished', cell: ({ finished_at: at }) => <Time at={at} /> },
];

export function DeviceHistory({ device }: { device: string }) {
  const pages = usePages(
    (cursor, signal) => listDeviceJobs(device, { limit: 20, cursor }, signal),
    `history ${device}`,
  );
  useLive({ job: pages.refresh, 'job-deleted': pages.refresh });
  return (
    <section class="section" aria-labelledby="history-title">
      <h2 id="history-title">Jobs</h2>
      <DataTable
        label="Jobs of this device"
        columns={columns}
        rows={pages.items}
        keyOf={({ job }) => job}
        loading={pages.loading}
        error={pages.error}
        retry={pages.reload}
        empty={<Empty title="No job has had this device." />}
      />
      <Pager
        label="its jobs"
        number={pages.number}
        shown={pages.items.length}
        next={pages.next}
        previous={pages.previous}
      />
    </section>
  );
}
