import { useEffect, useState } from 'preact/hooks';
import { detailsOf, isAbort } from '../../api/error';
import { planJob } from '../../api/jobs';
import type { ErrorDetail, JobSpec } from '../../api/types';
import { detailsInSentence } from '../../logic/field_errors';

const pauseMs = 400;

// Asks the server what is wrong with the operations while they are typed. A plan for an empty list
// of devices checks them like any other, and costs the same whatever the size of the set.
export function useValidation(spec: JobSpec): ErrorDetail[] {
  const [found, setFound] = useState<ErrorDetail[]>([]);
  const asked: JobSpec = { ...spec, name: spec.name || 'new job', selection: { devices: [] } };
  const key = JSON.stringify(asked);
  const ready = spec.set !== '' && spec.operations.length > 0;
  useEffect(() => {
    if (!ready) {
      setFound([]);
      return undefined;
    }
    const ended = new AbortController();
    const timer = setTimeout(() => {
      planJob(asked, { limit: 1 }, ended.signal).then(
        (plan) => setFound(plan.refused ? detailsInSentence(plan.refused) : []),
        (error: unknown) => {
          if (!isAbort(error))
            setFound(detailsOf(error).filter(({ field }) => /^(operations|policy|description)/.test(field)));
        },
      );
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [key, ready]);
  return found;
}
