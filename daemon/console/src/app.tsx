import { useEffect, useState } from 'preact/hooks';
import { getSession } from './api/fleet';
import { token } from './api/token';
import { liveState, stayConnected } from './live/connection';
import { session } from './live/session';
import { Routes } from './routes';
import { SignInPage } from './pages/sign_in_page';
import { ConfirmDialog } from './ui/confirm';
import { ErrorBoundary } from './ui/error_boundary';
import { Header } from './ui/header';
import { ErrorNote, Skeleton } from './ui/notes';
import { ConnectionBanner } from './ui/connection_banner';
import { path } from './ui/router';
import { Toasts } from './ui/toasts';

export function App() {
  return (
    <>
      {token.value === null ? <SignInPage /> : <SignedIn key={token.value} />}
      <Toasts />
      <ConfirmDialog />
    </>
  );
}

function SignedIn() {
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setError(null);
    getSession().then((who) => (session.value = who), setError);
    return () => void (session.value = null);
  }, [attempt]);
  useEffect(() => stayConnected(), []);
  const connected = liveState.value === 'connected';
  useEffect(() => {
    // The gateway is back: what could not be asked before can be asked now.
    if (connected && error) setAttempt((before) => before + 1);
  }, [connected]);
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <Header />
      <ConnectionBanner />
      <main id="main" tabIndex={-1}>
        {error ? (
          <ErrorNote error={error} retry={() => setAttempt(attempt + 1)} />
        ) : session.value ? (
          <ErrorBoundary key={path.value}>
            <Routes />
          </ErrorBoundary>
        ) : (
          <Skeleton />
        )}
      </main>
    </>
  );
}
