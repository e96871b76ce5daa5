import { useEffect, useState } from 'preact/hooks';
import { getStatus } from '../../api/fleet';
import type { Status } from '../../api/types';
import { countText } from '../../logic/times';
import { useLive } from '../../live/use_live';
import { useResource } from '../../live/use_resource';
import { mayOperate, session } from '../../live/session';
import { DataTable, type Column } from '../../ui/data_table';
import { Empty, ErrorNote, Note, Skeleton } from '../../ui/notes';
import { PageFrame } from '../../ui/page';
import { Elapsed, Time } from '../../ui/time';
import { AuditLog } from './audit_log';
import { counterRates, type Counted } from '../../logic/counter_rates';

const everyMs = 2_000;

// The status every two seconds while somebody looks, with the one before it for the rates.
function useStatus() {
  const resource = useResource(
    (signal) => getStatus(signal).then((status) => ({ status, at: performance.now() })),
    'status',
  );
  const [before, setBefore] = useState<Counted | null>(null);
  const [now, setNow] = useState<Counted | null>(null);
  const { data, reload } = resource;
  useEffect(() => {
    if (!data) return;
    setBefore(now);
    setNow({ at: data.at, counters: data.status.counters });
  }, [data]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [reload]);
  useLive({ gateway: reload });
  return { ...resource, rows: now ? counterRates(before, now) : [] };
}

interface Row {
  name: string;
  total: number;
  perSecond: number | null;
}

const columns: Column<Row>[] = [
  { name: 'Counter', kind: 'main', cell: ({ name }) => name.replaceAll('_', ' ') },
  { name: 'Total', kind: 'number', cell: ({ total }) => countText(total) },
  {
    name: 'Per second',
    kind: 'number',
    cell: ({ perSecond }) =>
      perSecond === null ? (
        <span class="muted">–</span>
      ) : perSecond >= 10 ? (
        countText(perSecond)
      ) : (
        perSecond.toFixed(1)
      ),
  },
];

export function GatewayPage() {
  const { data, error, reload, rows } = useStatus();
  const [all, setAll] = useState(false);
  const status = data?.status;
  const shown = all ? rows : rows.filter(({ total }) => total > 0);
  return (
    <PageFrame title="Gateway">
      {error ? <ErrorNote error={error} retry={reload} /> : null}
      {status ? <Health status={status} /> : error ? null : <Skeleton lines={6} />}
      {status ? (
        <section class="section" aria-labelledby="counters-title">
          <div class="section-head">
            <h2 id="counters-title">Counters and rates</h2>
            <button type="button" class="button small" aria-pressed={all} onClick={() => setAll(!all)}>
              Show zeros
            </button>
          </div>
          <DataTable
            label="Counters"
            columns={columns}
            rows={shown}
            keyOf={({ name }) => name}
            empty={<Empty title="Nothing was counted yet." />}
          />
        </section>
      ) : null}
      {mayOperate.value ? <AuditLog /> : null}
    </PageFrame>
  );
}

function State({ good, children }: { good: boolean; children: string }) {
  return (
    <span class={good ? 'state state-good' : 'state state-bad'}>
      <span aria-hidden="true">{good ? '✓' : '✕'}</span> {children}
    </span>
  );
}

function Health({ status }: { status: Status }) {
  const { broker, store, readiness, devices, jobs } = status;
  return (
    <section class="panel" aria-label="Health">
      {readiness.ready ? null : (
        <Note kind="failed" testid="not-ready">
          <strong>Not ready: jobs cannot be carried out now.</strong>
        </Note>
      )}
      <dl class="facts">
        <div>
          <dt>Readiness</dt>
          <dd data-testid="readiness">
            <State good={readiness.ready}>{readiness.ready ? 'ready' : 'not ready'}</State>
            <ul class="checks">
              {Object.entries(readiness.checks).map(([name, text]) => (
                <li key={name}>
                  <State good={text === 'ok'}>{name}</State>
                  {text === 'ok' ? null : `: ${text}`}
                </li>
              ))}
            </ul>
          </dd>
        </div>
        <div>
          <dt>Broker</dt>
          <dd data-testid="broker">
            <State good={broker.connected}>{broker.connected ? 'connected' : 'not connected'}</State>{' '}
            <code>{broker.url}</code>
            <small>
              {broker.mqtt_version ? `MQTT ${broker.mqtt_version}` : ''}{' '}
              {broker.since ? (
                <>
                  since <Time at={broker.since} />
                </>
              ) : null}{' '}
              {broker.detail && broker.connected ? `last interruption: ${broker.detail}` : broker.detail}
            </small>
          </dd>
        </div>
        <div>
          <dt>Store</dt>
          <dd data-testid="store">
            <State good={store.healthy}>{store.state}</State>
            <small>
              {store.detail}{' '}
              {store.healthy || !store.since ? null : (
                <>
                  since <Time at={store.since} />
                </>
              )}
            </small>
          </dd>
        </div>
        <div>
          <dt>Version</dt>
          <dd>
            {status.version}
            <small>
              up <Elapsed from={status.started_at} />, since <Time at={status.started_at} />
            </small>
          </dd>
        </div>
        <div>
          <dt>Devices</dt>
          <dd>
            {countText(devices.total)}
            <small>{countText(devices.online)} online</small>
          </dd>
        </div>
        <div>
          <dt>Jobs</dt>
          <dd>
            {countText(jobs.Running)} running
            <small>
              {countText(jobs.Pending)} pending, {countText(jobs.Completed)} completed,{' '}
              {countText(jobs.Failed)} failed, {countText(jobs.Stopped)} stopped
            </small>
          </dd>
        </div>
        {session.value?.root ? (
          <div>
            <dt>Topics</dt>
            <dd>
              <code>{session.value.root}</code>
            </dd>
          </div>
        ) : null}
      </dl>
    </section>
  );
}
