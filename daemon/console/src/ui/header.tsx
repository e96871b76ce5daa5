import { useEffect, useState } from 'preact/hooks';
import { signOut } from '../api/token';
import { gatewayState, liveState } from '../live/connection';
import { session } from '../live/session';
import { path } from './router';
import { nextTheme, theme } from './theme';

const entries = [
  ['/jobs', 'Jobs'],
  ['/devices', 'Devices'],
  ['/device-sets', 'Device sets'],
  ['/templates', 'Templates'],
  ['/gateway', 'Gateway'],
] as const;

const isHere = (entry: string) =>
  path.value === entry || path.value.startsWith(entry + '/') || (path.value === '/' && entry === '/jobs');

export function Header() {
  const [open, setOpen] = useState(false);
  const at = path.value;
  useEffect(() => setOpen(false), [at]);
  return (
    <header class={open ? 'header header-open' : 'header'}>
      <a class="wordmark" href="/jobs" aria-label="muster, to the jobs">
        <Mark />
        muster
      </a>
      <button
        type="button"
        class="button small menu-button"
        aria-expanded={open}
        aria-controls="navigation"
        onClick={() => setOpen(!open)}
      >
        Menu
      </button>
      <nav id="navigation" aria-label="Main">
        {entries.map(([to, name]) => (
          <a key={to} href={to} aria-current={isHere(to) ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <div class="header-end">
        <GatewayDot />
        {session.value ? (
          <span class="who" title={`Role: ${session.value.role}`}>
            {session.value.user} <span class="muted">{session.value.role}</span>
          </span>
        ) : null}
        <button
          type="button"
          class="bare"
          onClick={nextTheme}
          aria-label={`Theme: ${theme.value}. Change`}
          title={`Theme: ${theme.value}`}
        >
          <span aria-hidden="true">{theme.value === 'auto' ? '◐' : theme.value === 'light' ? '○' : '●'}</span>
        </button>
        <button type="button" class="bare" onClick={() => signOut()}>
          Sign out
        </button>
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 20 16" width="20" height="16" aria-hidden="true">
      <rect x="0" y="0" width="20" height="4" rx="2" />
      <rect x="0" y="6" width="14" height="4" rx="2" />
      <rect x="0" y="12" width="8" height="4" rx="2" />
    </svg>
  );
}

// Whether jobs can be carried out now, in two words that lead to the reasons.
function GatewayDot() {
  const gateway = gatewayState.value;
  const known = gateway !== null && liveState.value === 'connected';
  const ready = gateway?.readiness.ready ?? false;
  const text = !known ? 'connecting' : ready ? 'ready' : 'not ready';
  return (
    <a
      href="/gateway"
      class={`gateway-dot ${!known ? 'unknown' : ready ? 'good' : 'bad'}`}
      aria-label={`Gateway: ${text}`}
    >
      <span aria-hidden="true" class="presence-dot" />
      {text}
    </a>
  );
}
