import { useEffect, useState } from 'preact/hooks';
import { getProgress } from '../../api/jobs';
import type { Job, ProgressSample } from '../../api/types';
import { chartPaths, thinned, untilLastChange } from '../../logic/progress_chart';
import { rateText, ratePerSecond, timeLeft } from '../../logic/rate';
import { countText, durationText, percentText, timeText } from '../../logic/times';
import { useResource } from '../../live/use_resource';
import { TallyBar, tallySentence } from '../../ui/status';
import { Elapsed, second, Time } from '../../ui/time';

// The samples that the gateway kept, and those since: one for each tally that arrived.
function useSamples(job: Job): { samples: ProgressSample[]; complete: boolean } {
  const begun = job.started_at !== null;
  const progress = useResource(
    begun ? (signal) => getProgress(job.job, signal) : null,
    `progress ${job.job} ${job.started_at ?? ''}`,
  );
  const [samples, setSamples] = useState<ProgressSample[]>([]);
  useEffect(() => setSamples(progress.data?.items ?? []), [progress.data]);
  const { succeeded, failed, pending } = job.tally;
  useEffect(() => {
    if (!begun || job.status === 'Pending') return;
    const at = job.ended_at ?? new Date().toISOString();
    setSamples((old) =>
      thinned([...old.filter((sample) => sample.at <= at), { at, succeeded, failed, pending }]),
    );
  }, [succeeded, failed, pending, job.status, job.ended_at, progress.data]);
  return { samples, complete: progress.data?.complete ?? true };
}

export function JobProgress({ job }: { job: Job }) {
  const { samples: all, complete } = useSamples(job);
  if (!job.started_at) return null;
  const running = job.status === 'Running';
  const samples = running || job.ended_at ? all : untilLastChange(all);
  const now = running
    ? second.value
    : Date.parse(job.ended_at ?? samples[samples.length - 1]?.at ?? job.started_at);
  const rate = running
    ? ratePerSecond(
        samples.map((s) => ({ at: Date.parse(s.at), done: s.succeeded + s.failed })),
        now,
      )
    : null;
  const left = running ? timeLeft(job.tally.pending, rate) : null;
  const { tally } = job;
  return (
    <section class="panel progress" aria-labelledby="progress-title">
      <h2 id="progress-title" class="visually-hidden">
        Progress
      </h2>
      <TallyBar tally={tally} large live={running} />
      <dl class="figures">
        <Figure
          name="Succeeded"
          testid="tally-succeeded"
          kind="succeeded"
          value={countText(tally.succeeded)}
        />
        <Figure
          name="Failed"
          testid="tally-failed"
          kind={tally.failed > 0 ? 'failed' : ''}
          value={countText(tally.failed)}
        />
        <Figure name="Pending" testid="tally-pending" kind="pending" value={countText(tally.pending)} />
        <Figure
          name="Done"
          testid="tally-done"
          value={`${percentText(tally.succeeded + tally.failed, tally.selected)}`}
          note={`of ${countText(tally.selected)}`}
        />
        {running ? <Figure name="Devices per second" testid="rate" value={rateText(rate)} /> : null}
        {running ? (
          <Figure
            name="Expected end"
            testid="expected-end"
            value={left === null ? '–' : timeText(new Date(now + left), new Date())}
            note={left === null ? 'waiting for devices' : `in ${durationText(left)}`}
          />
        ) : null}
        <div class="figure">
          <dt>Started</dt>
          <dd>
            <Time at={job.started_at} />
            <small>
              {running ? (
                <>
                  <Elapsed from={job.started_at} /> ago
                </>
              ) : job.ended_at ? (
                <>
                  took <Elapsed from={job.started_at} to={job.ended_at} />
                </>
              ) : null}
            </small>
          </dd>
        </div>
      </dl>
      <Chart samples={samples} job={job} now={now} />
      {complete ? null : (
        <p class="hint">
          The gateway was restarted since: what came before is not in the picture. The numbers are complete.
        </p>
      )}
    </section>
  );
}

interface FigureProps {
  name: string;
  value: string;
  note?: string;
  kind?: string;
  testid: string;
}

function Figure({ name, value, note, kind = '', testid }: FigureProps) {
  return (
    <div class={`figure figure-${kind}`}>
      <dt>{name}</dt>
      <dd>
        <span data-testid={testid}>{value}</span>
        {note ? <small>{note}</small> : null}
      </dd>
    </div>
  );
}

const width = 1000;
const height = 160;

function Chart({ samples, job, now }: { samples: ProgressSample[]; job: Job; now: number }) {
  const from = Date.parse(job.started_at ?? samples[0]?.at ?? '');
  const first = samples[0] ? Math.min(from, Date.parse(samples[0].at)) : from;
  const paths = chartPaths(samples, first, now, job.tally.selected, width, height);
  const name = `Progress over ${durationText(now - first)}: ${tallySentence(job.tally)}`;
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={name}
        data-testid="progress-chart"
      >
        {[0.25, 0.5, 0.75].map((part) => (
          <line key={part} class="chart-grid" x1="0" x2={width} y1={height * part} y2={height * part} />
        ))}
        <path class="chart-succeeded" d={paths.succeeded} />
        <path class="chart-failed" d={paths.failed} />
        <path class="chart-edge" d={paths.edge} />
      </svg>
      <figcaption aria-hidden="true">
        <span>{timeText(new Date(first), new Date())}</span>
        <span class="legend">
          <i class="key key-succeeded" />
          succeeded <i class="key key-failed" />
          failed <i class="key key-pending" />
          pending
        </span>
        <span>{timeText(new Date(now), new Date())}</span>
      </figcaption>
    </figure>
  );
}
