import { listSets } from '../api/fleet';
import { listJobs } from '../api/jobs';
import { jobStatuses, jobTypes, type ListedJob } from '../api/types';
import { typeName } from '../logic/words';
import { usePages } from '../live/use_pages';
import { useResource } from '../live/use_resource';
import { mayOperate } from '../live/session';
import { useLive } from '../live/use_live';
import { FilterSelect, SearchBox } from '../ui/controls';
import { DataTable, type Column } from '../ui/data_table';
import { Empty } from '../ui/notes';
import { PageFrame } from '../ui/page';
import { Pager } from '../ui/pager';
import { parameters, setParameters } from '../ui/router';
import { StatusBadge, TallyBar, TallyNumbers } from '../ui/status';
import { Time } from '../ui/time';

const pageSize = 50;

const columns: Column<ListedJob>[] = [
  {
    name: 'Name',
    kind: 'main',
    cell: (job) => (
      <>
        <a href={`/jobs/${job.job}`}>{job.name}</a> <span class="id">#{job.job}</span>
      </>
    ),
  },
  { name: 'Type', cell: (job) => typeName(job.type) },
  {
    name: 'Device set',
    cell: (job) => (
      <a class="quiet" href={`/device-sets/${encodeURIComponent(job.set)}`}>
        {job.set}
      </a>
    ),
  },
  { name: 'Status', cell: (job) => <StatusBadge status={job.status} /> },
  {
    name: 'Succeeded, failed, pending',
    heading: (
      <>
        Succeeded <span class="muted">/</span> failed <span class="muted">/</span> pending
      </>
    ),
    cell: (job) =>
      job.tally.selected === 0 ? (
        <span class="muted">{job.detail || 'not run yet'}</span>
      ) : (
        <span class="tally-cell">
          <TallyBar tally={job.tally} live={job.status === 'Running'} />
          <TallyNumbers tally={job.tally} />
        </span>
      ),
  },
  { name: 'Started', cell: (job) => <Time at={job.started_at} /> },
  { name: 'By', cell: (job) => job.created_by },
];

function useJobs() {
  const filters = Object.fromEntries(
    ['status', 'type', 'set', 'search'].map((name) => [name, parameters.value.get(name) ?? '']),
  );
  const pages = usePages(
    (cursor, signal) => listJobs({ ...filters, limit: pageSize, cursor }, signal),
    JSON.stringify(filters),
  );
  useLive({
    job: (job) => {
      const shown = pages.data?.items.find((one) => one.job === job.job);
      // A job that moves within its state is drawn at once; what changes the order is asked for.
      if (shown && shown.status === job.status && pages.data) {
        pages.set({ ...pages.data, items: pages.data.items.map((one) => (one.job === job.job ? job : one)) });
      } else {
        pages.refresh();
      }
    },
    'job-deleted': pages.refresh,
  });
  return { filters, pages };
}

export function JobsPage() {
  const { filters, pages } = useJobs();
  const sets = useResource((signal) => listSets({ limit: 1000 }, signal), 'sets');
  const filtered = Object.values(filters).some(Boolean);
  const newJob = mayOperate.value ? (
    <a class="button primary" href="/jobs/new">
      + New
    </a>
  ) : null;
  return (
    <PageFrame title="Jobs" actions={newJob}>
      <div class="filters" role="search" aria-label="Filter jobs">
        <SearchBox
          label="Search jobs"
          placeholder="Search name or description"
          value={filters['search'] ?? ''}
          onChange={(search) => setParameters({ search })}
        />
        <FilterSelect
          label="Status"
          value={filters['status'] ?? ''}
          all="Any status"
          options={jobStatuses}
          onChange={(status) => setParameters({ status })}
        />
        <FilterSelect
          label="Type"
          value={filters['type'] ?? ''}
          all="Any type"
          options={jobTypes.map((value) => ({ value, text: typeName(value) }))}
          onChange={(type) => setParameters({ type })}
        />
        <FilterSelect
          label="Device set"
          value={filters['set'] ?? ''}
          all="Any device set"
          options={(sets.data?.items ?? []).map(({ set }) => set)}
          onChange={(set) => setParameters({ set })}
        />
      </div>
      <DataTable
        label="Jobs"
        columns={columns}
        rows={pages.items}
        keyOf={(job) => job.job}
        loading={pages.loading}
        error={pages.error}
        retry={pages.reload}
        rowClass={(job) => (job.status === 'Running' ? 'row-running' : '')}
        empty={
          filtered ? (
            <Empty title="No job matches.">
              <button
                type="button"
                class="button small"
                onClick={() => setParameters({ search: '', status: '', type: '', set: '' })}
              >
                Clear the filters
              </button>
            </Empty>
          ) : (
            <Empty title="No jobs yet.">
              A job changes settings or properties of many devices, or sends them commands.{' '}
              {mayOperate.value ? <a href="/jobs/new">Make the first one</a> : null}
            </Empty>
          )
        }
      />
      <Pager
        label="jobs"
        number={pages.number}
        shown={pages.items.length}
        next={pages.next}
        previous={pages.previous}
      />
    </PageFrame>
  );
}
