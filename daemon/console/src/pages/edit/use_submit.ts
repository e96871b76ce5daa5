import { useState } from 'preact/hooks';
import { ApiError, detailsOf } from '../../api/error';
import { createJob, saveJob } from '../../api/jobs';
import type { ErrorDetail, JobSpec } from '../../api/types';
import { forgetDrift } from '../../logic/drift_store';
import { guardLeaving, navigate } from '../../ui/router';
import { useAction } from '../../ui/use_action';
import type { Edited } from './edit_page';
import type { Planned } from './plan_panel';

export interface Refused {
  message: string;
  details: ErrorDetail[];
}

export interface Submit {
  busy: boolean;
  attempted: boolean; // Run or Save was pressed
  refused: Refused | null;
  forgetRefusal: () => void;
  submit: (spec: JobSpec, run: boolean) => void;
}

// Saves the job, or saves and runs it, and goes to its page. A refusal stays here, to be shown where
// its fields are.
export function useSubmit(edited: Edited, plan: Planned, onRefused: (error: ApiError) => void): Submit {
  const [attempted, setAttempted] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const { busy, act } = useAction();

  const send = async (spec: JobSpec, run: boolean, intent: string) => {
    const digest = run ? plan.current?.digest : undefined;
    const asked = { ...spec, ...(run ? { run: true as const } : {}), ...(digest ? { digest } : {}) };
    try {
      return edited.job === null
        ? await createJob(asked, intent)
        : await saveJob(edited.job, asked, edited.etag);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code === 'network') throw error;
      setRefused({ details: detailsOf(error), message: error.message });
      // What was reviewed is not what would happen now: show what would.
      if (digest && error.code === 'conflict') plan.make(false);
      onRefused(error);
      return null;
    }
  };

  const submit = (spec: JobSpec, run: boolean) =>
    void act(async (intent) => {
      setRefused(null);
      setAttempted(true);
      const job = await send(spec, run, intent);
      if (!job) return undefined;
      guardLeaving(null);
      if (run) forgetDrift(job.job);
      await navigate(`/jobs/${job.job}`);
      return run ? `Job ${job.job} runs.` : `Job ${job.job} is saved.`;
    });

  return { busy, attempted, refused, forgetRefusal: () => setRefused(null), submit };
}
