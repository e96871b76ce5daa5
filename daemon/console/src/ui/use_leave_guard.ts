import { useEffect } from 'preact/hooks';
import { confirm } from './confirm';
import { guardLeaving } from './router';

// Asks before what was typed is lost, whether by a link of the console or by closing the tab.
export function useLeaveGuard(dirty: boolean, what: string): void {
  useEffect(() => {
    if (!dirty) return undefined;
    guardLeaving(() => confirm({ title: 'Leave without saving?', text: what, action: 'Leave' }));
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => {
      guardLeaving(null);
      removeEventListener('beforeunload', ask);
    };
  }, [dirty, what]);
}
