import { useEffect, useState } from 'preact/hooks';
import { liveState } from '../live/connection';

const patienceMs = 800;

// Says that what is shown may be old. A connection that is back at once is not worth a word.
export function ConnectionBanner() {
  const lost = liveState.value === 'lost';
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!lost) {
      setShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setShown(true), patienceMs);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <div role="status" aria-label="Connection" aria-live="polite">
      {shown ? (
        <p class="banner" data-testid="connection-lost">
          Connection lost, reconnecting. What you see may be old.
        </p>
      ) : null}
    </div>
  );
}
