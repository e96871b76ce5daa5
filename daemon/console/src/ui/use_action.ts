import { useEffect, useRef, useState } from 'preact/hooks';
import { newIntent } from '../api/http';
import { sayDone, sayFailed } from './toasts';

// Carries out what a button asks for, one at a time, and says what came of it. The intent is new
// for each press, so that a repeat on the network is not a second press.
export function useAction(): {
  busy: boolean;
  act: (work: (intent: string) => Promise<string | void>) => Promise<boolean>;
} {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const shown = useRef(true);
  useEffect(() => () => void (shown.current = false), []);
  const act = async (work: (intent: string) => Promise<string | void>) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    try {
      const said = await work(newIntent());
      if (said) sayDone(said);
      return true;
    } catch (error) {
      sayFailed(error);
      return false;
    } finally {
      running.current = false;
      if (shown.current) setBusy(false);
    }
  };
  return { busy, act };
}
