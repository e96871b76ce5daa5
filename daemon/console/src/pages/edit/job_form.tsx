import { useEffect, useRef, useState } from 'preact/hooks';
import { getTemplate, listSets, listTemplates } from '../../api/fleet';
import { ApiError, detailsOf } from '../../api/error';
import { createJob, saveJob } from '../../api/jobs';
import type { ErrorDetail, ListedTemplate } from '../../api/types';
import { specOf, type Draft } from '../../logic/draft';
import { forgetDrift } from '../../logic/drift_store';
import { messagesAt, messagesElsewhere } from '../../logic/field_errors';
import { nothing } from '../../logic/selection';
import { useResource } from '../../live/use_resource';
import { useLive } from '../../live/use_live';
import { confirm } from '../../ui/confirm';
import { Field } from '../../ui/controls';
import { DriftNote } from '../../ui/drift_note';
import { DetailList, Note } from '../../ui/notes';
import { guardLeaving, navigate } from '../../ui/router';
import { useAction } from '../../ui/use_action';
import { DevicePicker } from './device_picker';
import type { Edited } from './edit_page';
import type { Findings } from './findings';
import { OperationsEditor } from './operations_editor';
import { PlanPanel, usePlan } from './plan_panel';
import { PolicyEditor } from './policy_editor';
import { useValidation } from './use_validation';

const placed = ['name', 'description', 'set', 'operations', 'policy', 'selection'];

// Asks before what was typed is lost, whether by a link here or by closing the tab.
function useGuard(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return undefined;
    guardLeaving(() =>
      confirm({
        title: 'Leave without saving?',
        text: 'What you changed here is lost then.',
        action: 'Leave',
      }),
    );
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => {
      guardLeaving(null);
      removeEventListener('beforeunload', ask);
    };
  }, [dirty]);
}

function useFleet(set: string) {
  const sets = useResource((signal) => listSets({ limit: 1000 }, signal), 'sets');
  const templates = useResource((signal) => listTemplates({ limit: 1000 }, signal), 'templates');
  const chosen = sets.data?.items.find((one) => one.set === set);
  const name = chosen?.template ?? '';
  const template = useResource(
    name ? (signal) => getTemplate(name, signal).then(({ body }) => body.document) : null,
    `template ${name}`,
  );
  useLive({
    registry: ({ kind, name: changed }) => {
      if (kind === 'set' || changed === '') sets.refresh();
      if (kind === 'template' || changed === '') template.refresh();
    },
  });
  const listed = templates.data?.items.find((one: ListedTemplate) => one.template === name);
  return {
    sets: sets.data?.items ?? [],
    template: template.data,
    gateway: listed?.gateway ?? template.data?.gateway ?? false,
    error: sets.error,
  };
}

export function JobForm({ edited, reload }: { edited: Edited; reload?: () => void }) {
  const [draft, setDraft] = useState<Draft>(edited.draft);
  const [refused, setRefused] = useState<{ details: ErrorDetail[]; message: string } | null>(null);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [attempted, setAttempted] = useState(false);
  const [done, setDone] = useState(false);
  const note = useRef<HTMLDivElement>(null);
  const { busy, act } = useAction();
  const fleet = useFleet(draft.set);
  const spec = specOf(draft);
  const live = useValidation(spec);
  const plan = usePlan(spec);
  const dirty = draft !== edited.draft && !done;
  useGuard(dirty);

  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    // What was refused is checked anew when it is sent again; what is typed now is checked live.
    setRefused(null);
  };
  // Live findings are newer than those of the last attempt.
  const details = [
    ...live,
    ...(refused?.details ?? []).filter((old) => !live.some(({ field }) => field === old.field)),
  ];
  const at: Findings = (path, entered = true) => (entered || attempted ? messagesAt(details, path) : []);
  const broken = Object.values(problems).some(Boolean);

  const submit = (run: boolean) =>
    act(async (intent) => {
      setRefused(null);
      setAttempted(true);
      try {
        const digest = plan.current?.digest;
        const asked = { ...spec, ...(run ? { run: true as const, ...(digest ? { digest } : {}) } : {}) };
        const job =
          edited.job === null
            ? await createJob(asked, intent)
            : await saveJob(edited.job, asked, edited.etag);
        setDone(true);
        guardLeaving(null);
        if (run) forgetDrift(job.job);
        await navigate(`/jobs/${job.job}`);
        return run ? `Job ${job.job} runs.` : `Job ${job.job} is saved.`;
      } catch (error) {
        if (!(error instanceof ApiError) || error.code === 'network') throw error;
        setRefused({ details: detailsOf(error), message: error.message });
        if (error.status === 412) reload?.();
        note.current?.focus();
        return undefined;
      }
    });

  const elsewhere = refused ? messagesElsewhere(refused.details, placed) : [];
  const blocked = fleet.gateway
    ? 'The devices of this set are gateways; a job cannot target them.'
    : broken
      ? 'A value cannot be read; see above.'
      : '';
  return (
    <form class="edit" aria-label="Job" onSubmit={(event) => event.preventDefault()}>
      {edited.drift ? <DriftNote drift={edited.drift} /> : null}
      <div class="edit-columns">
        <div class="edit-left">
          {/* It takes the focus, so that a refusal is seen wherever the page was scrolled to. */}
          <div ref={note} tabIndex={-1} class="refusal">
            {refused ? (
              <Note kind="failed" alert testid="refused">
                <p>
                  <strong>{refused.message}</strong>
                </p>
                <DetailList details={elsewhere} />
              </Note>
            ) : null}
          </div>
          <Field id="name" label="Name" errors={at('name')}>
            {(given) => (
              <input
                {...given}
                value={draft.name}
                maxLength={200}
                autoComplete="off"
                onInput={(event) => change({ name: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field id="description" label="Description" optional errors={at('description')}>
            {(given) => (
              <textarea
                {...given}
                rows={2}
                value={draft.description}
                onInput={(event) => change({ description: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field
            id="set"
            label="Device set"
            errors={at('set')}
            hint={fleet.gateway ? 'Its template is a gateway: a job cannot target gateways.' : undefined}
          >
            {(given) => (
              <select
                {...given}
                value={draft.set}
                onChange={(event) => change({ set: event.currentTarget.value, choice: nothing })}
              >
                <option value="">Choose a device set</option>
                {draft.set && !fleet.sets.some(({ set }) => set === draft.set) ? (
                  <option value={draft.set}>{draft.set}</option>
                ) : null}
                {fleet.sets.map((set) => (
                  <option key={set.set} value={set.set}>
                    {set.title ? `${set.title} (${set.set})` : set.set}
                    {set.broken ? ' – broken' : ''}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <OperationsEditor
            draft={draft}
            template={fleet.template}
            at={at}
            change={change}
            problem={(path, text) => setProblems((before) => ({ ...before, [path]: text }))}
          />
          <PolicyEditor draft={draft} at={at} change={change} />
        </div>
        <DevicePicker
          set={draft.set}
          choice={draft.choice}
          drift={edited.drift}
          gateway={fleet.gateway}
          errors={at('selection')}
          onChange={(choice) => change({ choice })}
        />
      </div>
      <div class="edit-bar">
        <div class="actions">
          <button
            type="button"
            class="button primary"
            disabled={busy || blocked !== ''}
            title={blocked || undefined}
            onClick={() => submit(true)}
          >
            Run
          </button>
          <button
            type="button"
            class="button"
            disabled={busy || blocked !== ''}
            title={blocked || undefined}
            onClick={() => submit(false)}
          >
            Save
          </button>
          <button
            type="button"
            class="button"
            disabled={plan.busy || blocked !== ''}
            title={blocked || undefined}
            onClick={plan.make}
          >
            Plan
          </button>
          <a class="button plain" href={edited.job === null ? '/jobs' : `/jobs/${edited.job}`}>
            Cancel
          </a>
        </div>
        {blocked ? (
          <p class="hint" role="status">
            {blocked}
          </p>
        ) : (
          <p class="hint">
            {plan.current
              ? 'Run does exactly what the plan shows, or is refused.'
              : 'Plan shows what a run would do, device by device, before anything is sent.'}
          </p>
        )}
      </div>
      <PlanPanel plan={plan} />
    </form>
  );
}
