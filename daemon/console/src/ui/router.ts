import { computed, signal } from '@preact/signals';

// Where we are, as the address says. Pages have paths, filters are in the query.
export const address = signal(location.pathname + location.search);
export const path = computed(() => address.value.split('?')[0]!);
export const parameters = computed(() => new URLSearchParams(address.value.split('?')[1] ?? ''));

// Asked before the page is left; false keeps it. One page at a time has something to lose.
let mayLeave: (() => Promise<boolean>) | null = null;

export function guardLeaving(ask: (() => Promise<boolean>) | null): void {
  mayLeave = ask;
}

export async function navigate(to: string, options: { replace?: boolean } = {}): Promise<void> {
  if (mayLeave && !(await mayLeave())) return;
  mayLeave = null;
  if (options.replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  address.value = to;
}

// Changes filters in the address without a new entry in the history.
export function setParameters(changes: Record<string, string>): void {
  const query = new URLSearchParams(parameters.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  address.value = path.value + (text ? '?' + text : '');
  history.replaceState(null, '', address.value);
}

function isOurs(event: MouseEvent, link: HTMLAnchorElement): boolean {
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  return (
    plain &&
    !link.target &&
    !link.hasAttribute('download') &&
    link.origin === location.origin &&
    !link.pathname.startsWith('/api/') &&
    !link.hash
  );
}

// Back and forward have already changed the address. Where there is something to lose it is put back
// until the answer is yes.
function followHistory(): void {
  const to = location.pathname + location.search;
  if (to === address.value) return;
  if (!mayLeave) {
    address.value = to;
    return;
  }
  history.pushState(null, '', address.value);
  void navigate(to);
}

// Links are plain links: they can be opened in a new tab, and the keyboard works on them. Followed
// in this tab, they change the page without loading it anew.
export function followLinks(): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as Element | null)?.closest?.('a[href]');
    if (event.defaultPrevented || !(link instanceof HTMLAnchorElement) || !isOurs(event, link)) return;
    event.preventDefault();
    void navigate(link.pathname + link.search);
  });
  addEventListener('popstate', followHistory);
}
