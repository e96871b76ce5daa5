import { useEffect, useState } from 'preact/hooks';
import { signIn, signInReason } from '../api/token';
import { Field } from '../ui/controls';
import { Note } from '../ui/notes';

export function SignInPage() {
  const [text, setText] = useState('');
  useEffect(() => {
    document.title = 'Sign in · muster';
  }, []);
  return (
    <main class="sign-in" id="main">
      <h1>muster</h1>
      <p class="lead">Bulk jobs for fleets of MQTT devices.</p>
      {signInReason.value ? (
        <Note kind="warning" alert>
          {signInReason.value}
        </Note>
      ) : null}
      <p>On the machine where musterd runs, this prints an address that signs you in:</p>
      <pre class="command">
        <code>muster console</code>
      </pre>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) signIn(text.trim());
        }}
      >
        <Field
          id="token"
          label="Or paste a token"
          hint={
            <>
              From <code>muster token new</code>. It is kept until this tab is closed.
            </>
          }
        >
          {(given) => (
            <input
              {...given}
              type="password"
              autoComplete="off"
              spellcheck={false}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="button primary" disabled={!text.trim()}>
          Sign in
        </button>
      </form>
    </main>
  );
}
