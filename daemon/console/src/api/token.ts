import { signal } from '@preact/signals';

const key = 'muster.token';

// The token of this tab. It is kept in sessionStorage, not in a cookie and not for longer than the
// tab: nothing is sent by itself, and a closed browser has forgotten it.
export const token = signal<string | null>(null);

// Why the sign-in page is shown again, in words; empty at first.
export const signInReason = signal('');

// `muster console` hands the token over in the fragment, which no server sees. It is taken out of
// the address at once, so that it ends up neither in the history nor in a screenshot.
export function takeToken(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    sessionStorage.setItem(key, given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  token.value = given ?? sessionStorage.getItem(key);
}

// The address of `muster console` may also be opened in a tab that shows the console already.
addEventListener('hashchange', takeToken);

export function signIn(given: string): void {
  sessionStorage.setItem(key, given);
  signInReason.value = '';
  token.value = given;
}

export function signOut(reason = ''): void {
  sessionStorage.removeItem(key);
  signInReason.value = reason;
  token.value = null;
}
