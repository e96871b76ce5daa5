import { useRef, useState } from 'preact/hooks';
import { specOf, type Draft } from '../../logic/draft';
import { messagesAt, messagesElsewhere } from '../../logic/field_errors';
import { nothing } from '../../logic/selection';
import { Field } from '../../ui/controls';
import { DriftNote } from '../../ui/drift_note';
import { DetailList, Note } from '../../ui/notes';
import { useLeaveGuard } from '../../ui/use_leave_guard';
import { DevicePicker } from './device_picker';
import type { Edited } from './edit_page';
import type { Findings } from './findings';
import { OperationsEditor } from './operations_editor';
import { PlanPanel, usePlan } from './plan_panel';
import { PolicyEditor } from './policy_editor';
import { useFleet, type Fleet } from './use_fleet';
import { useSubmit, type Refused } from './use_submit';
import { useValidation } from './use_validation';

// What the form has a place for; whatever else is wrong is listed on top.
const placed = ['name', 'description', 'set', 'operations', 'policy', 'selection'];

interface Props {
  edited: Edited;
  reload?: () => void; // somebody else has changed the job
}

export function JobForm({ edited, reload }: Props) {
  const [draft, setDraft] = useState<Draft>(edited.draft);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const note = useRef<HTMLDivElement>(null);
  const fleet = useFleet(draft.set);
  const spec = specOf(draft);
  const live = useValidation(spec);
  const plan = usePlan(spec);
  const { busy, attempted, refused, forgetRefusal, submit } = useSubmit(edited, plan, ({ status }) => {
    if (status === 412) reload?.();
    note.current?.focus();
  });
  useLeaveGuard(draft !== edited.draft, 'What you changed here is lost then.');

  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    forgetRefusal();
  };
  // What is found while typing is newer than what the last attempt was refused for.
  const older = (refused?.details ?? []).filter(({ field }) => !live.some((found) => found.field === field));
  const details = [...live, ...older];
  const at: Findings = (path, entered = true) => (entered || attempted ? messagesAt(details, path) : []);
  const blocked = whyBlocked(fleet, problems);
  const disabled = { disabled: busy || blocked !== '', title: blocked || undefined };
  return (
    <form class="edit" aria-label="Job" onSubmit={(event) => event.preventDefault()}>
      {edited.drift ? <DriftNote drift={edited.drift} /> : null}
      <div class="edit-columns">
        <div class="edit-left">
          {/* It takes the focus, so that a refusal is seen wherever the page was scrolled to. */}
          <div ref={note} tabIndex={-1} class="refusal">
            {refused ? <Refusal refused={refused} /> : null}
          </div>
          <About draft={draft} fleet={fleet} at={at} change={change} />
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
          <button type="button" class="button primary" {...disabled} onClick={() => submit(spec, true)}>
            Run
          </button>
          <button type="button" class="button" {...disabled} onClick={() => submit(spec, false)}>
            Save
          </button>
          <button type="button" class="button" {...disabled} onClick={() => plan.make()}>
            Plan
          </button>
          <a class="button plain" href={edited.job === null ? '/jobs' : `/jobs/${edited.job}`}>
            Cancel
          </a>
        </div>
        <p class="hint" role="status">
          {blocked || (plan.current ? 'Run does exactly what the plan shows, or is refused.' : planHint)}
        </p>
      </div>
      <PlanPanel plan={plan} />
    </form>
  );
}

const planHint = 'Plan shows what a run would do, device by device, before anything is sent.';

function whyBlocked(fleet: Fleet, problems: Record<string, string>): string {
  if (fleet.gateway) return 'The devices of this set are gateways; a job cannot target them.';
  return Object.values(problems).some(Boolean) ? 'A value cannot be read; see above.' : '';
}

function Refusal({ refused }: { refused: Refused }) {
  return (
    <Note kind="failed" alert testid="refused">
      <p>
        <strong>{refused.message}</strong>
      </p>
      <DetailList details={messagesElsewhere(refused.details, placed)} />
    </Note>
  );
}

interface AboutProps {
  draft: Draft;
  fleet: Fleet;
  at: Findings;
  change: (part: Partial<Draft>) => void;
}

function About({ draft, fleet, at, change }: AboutProps) {
  const known = fleet.sets.some(({ set }) => set === draft.set);
  return (
    <>
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
            {draft.set && !known ? <option value={draft.set}>{draft.set}</option> : null}
            {fleet.sets.map(({ set, title, broken }) => (
              <option key={set} value={set}>
                {title ? `${title} (${set})` : set}
                {broken ? ' – broken' : ''}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}
