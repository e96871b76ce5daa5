import { useState } from 'preact/hooks';
import { listAudit } from '../../api/fleet';
import type { AuditEntry } from '../../api/types';
import { valueText } from '../../logic/value_text';
import { useLive } from '../../live/use_live';
import { usePages } from '../../live/use_pages';
import { SearchBox } from '../../ui/controls';
import { DataTable, type Column } from '../../ui/data_table';
import { Empty } from '../../ui/notes';
import { Pager } from '../../ui/pager';
import { Time } from '../../ui/time';

const places: Record<string, string> = {
  job: '/jobs/',
  device: '/devices/',
  set: '/device-sets/',
  template: '/templates/',
};

function Subject({ entry: { action, subject } }: { entry: AuditEntry }) {
  const place = places[action.split('/')[0] ?? ''];
  if (!place || action.endsWith('/delete')) return <span class="id id-only">{subject}</span>;
  return (
    <a class="id-link" href={place + encodeURIComponent(subject)}>
      {subject}
    </a>
  );
}

const columns: Column<AuditEntry>[] = [
  { name: 'Time', cell: ({ at }) => <Time at={at} /> },
  { name: 'User', cell: ({ user }) => user },
  { name: 'Action', cell: ({ action }) => <code>{action}</code> },
  { name: 'Subject', kind: 'main', cell: (entry) => <Subject entry={entry} /> },
  {
    name: 'Detail',
    kind: 'wide',
    cell: ({ detail }) =>
      detail ? (
        Object.entries(detail)
          .map(([name, value]) => `${name} ${valueText(value)}`)
          .join(', ')
      ) : (
        <span class="muted">–</span>
      ),
  },
];

export function AuditLog() {
  const [user, setUser] = useState('');
  const [subject, setSubject] = useState('');
  const pages = usePages(
    (cursor, signal) => listAudit({ user, subject, limit: 25, cursor }, signal),
    JSON.stringify([user, subject]),
  );
  useLive({ job: pages.refresh, 'job-deleted': pages.refresh, registry: pages.refresh });
  return (
    <section class="section" aria-labelledby="audit-title">
      <h2 id="audit-title">Audit log</h2>
      <div class="filters" role="search" aria-label="Filter the audit log">
        <SearchBox label="User" placeholder="User" value={user} onChange={setUser} />
        <SearchBox
          label="Subject"
          placeholder="Job number, device, set, template"
          value={subject}
          onChange={setSubject}
        />
      </div>
      <DataTable
        label="Audit log"
        columns={columns}
        rows={pages.items}
        keyOf={({ number }) => number}
        loading={pages.loading}
        error={pages.error}
        retry={pages.reload}
        empty={<Empty title={user || subject ? 'No entry matches.' : 'Nothing was changed yet.'} />}
      />
      <Pager
        label="the audit log"
        number={pages.number}
        shown={pages.items.length}
        next={pages.next}
        previous={pages.previous}
      />
    </section>
  );
}
