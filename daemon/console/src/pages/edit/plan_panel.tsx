import { useEffect, useRef, useState } from 'preact/hooks';
import { planJob } from '../../api/jobs';
import { planEffects, type JobSpec, type Plan, type PlannedDevice } from '../../api/types';
import { countText } from '../../logic/times';
import { valueText } from '../../logic/value_text';
import { effectName, effectText, plural } from '../../logic/words';
import { usePages, type Pages } from '../../live/use_pages';
import { DataTable, type Column } from '../../ui/data_table';
import { Empty, ErrorNote, Note } from '../../ui/notes';
import { Pager } from '../../ui/pager';

const pageSize = 25;

export interface Planned {
  shown: JobSpec | null;
  pages: Pages<Plan>;
  current: Plan | null; // what a run may hold on to: shown, and the job is still the same
  stale: boolean;
  busy: boolean;
  make: (focus?: boolean) => void; // `focus`: somebody asked to see it
  focus: boolean;
}

// The plan that was asked for last. It is for the job as it was then: its digest is used only as
// long as nothing in the form has changed.
export function usePlan(spec: JobSpec): Planned {
  const [asked, setAsked] = useState<{ spec: JobSpec; number: number; focus: boolean } | null>(null);
  const pages = usePages<Plan>(
    asked && ((cursor, signal) => planJob(asked.spec, { limit: pageSize, cursor }, signal)),
    `plan ${asked?.number ?? 0}`,
  );
  const stale = asked !== null && JSON.stringify(asked.spec) !== JSON.stringify(spec);
  return {
    shown: asked?.spec ?? null,
    pages,
    stale,
    current: asked && !stale && !pages.error ? pages.data : null,
    busy: pages.loading,
    make: (focus = true) => setAsked({ spec, number: (asked?.number ?? 0) + 1, focus }),
    focus: asked?.focus ?? false,
  };
}

const columns: Column<PlannedDevice>[] = [
  {
    name: 'Name',
    kind: 'main',
    cell: ({ device, name }) => (
      <>
        {name}
        {name === device ? null : (
          <>
            {' '}
            <span class="id">{device}</span>
          </>
        )}
      </>
    ),
  },
  {
    name: 'Effect',
    cell: ({ effect }) => (
      <span class={`effect effect-${effect}`} title={effectText(effect)}>
        {effectName(effect)}
      </span>
    ),
  },
  { name: 'Old → new', kind: 'wide', cell: ({ changes }) => <Changes changes={changes} /> },
];

function Changes({ changes }: { changes: PlannedDevice['changes'] }) {
  if (changes.length === 0) return <span class="muted">–</span>;
  return (
    <ul class="changes">
      {changes.map(({ name, old, new: next }) => (
        <li key={name}>
          <code>{name}</code> <span class="muted">{valueText(old)}</span> → <strong>{valueText(next)}</strong>
        </li>
      ))}
    </ul>
  );
}

export function PlanPanel({ plan }: { plan: Planned }) {
  const { shown, pages, stale, focus } = plan;
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (shown && focus) head.current?.focus();
  }, [shown]);
  if (!shown) return null;
  const { data } = pages;
  return (
    <section class="section plan" aria-labelledby="plan-title" data-testid="plan">
      <h2 id="plan-title" tabIndex={-1} ref={head}>
        Plan: what a run would do
      </h2>
      {stale ? <Note kind="warning">The job was changed since. Press Plan again.</Note> : null}
      {pages.error ? (
        <ErrorNote error={pages.error} retry={() => plan.make()} />
      ) : (
        <>
          {data?.refused ? (
            <Note kind="failed" alert testid="plan-refused">
              <strong>A run would be refused:</strong> {data.refused}
            </Note>
          ) : null}
          {data ? (
            <p class="plan-summary">
              {countText(data.selected)} {plural(data.selected, 'device')}, {countText(data.messages)}{' '}
              {plural(data.messages, 'message')}. Nothing is sent yet.
            </p>
          ) : null}
          {data ? (
            <ul class="chips" aria-label="Devices by effect">
              {planEffects
                .filter((effect) => data.counts[effect])
                .map((effect) => (
                  <li key={effect} class={`chip effect-${effect}`} title={effectText(effect)}>
                    <strong>{countText(data.counts[effect] ?? 0)}</strong> {effectName(effect)}
                  </li>
                ))}
            </ul>
          ) : null}
          <DataTable
            label="Plan"
            columns={columns}
            rows={pages.items}
            keyOf={({ device }) => device}
            loading={pages.loading}
            empty={<Empty title="No devices are selected." />}
          />
          <Pager
            label="the plan"
            number={pages.number}
            shown={pages.items.length}
            total={data?.selected}
            next={pages.next}
            previous={pages.previous}
          />
        </>
      )}
    </section>
  );
}
