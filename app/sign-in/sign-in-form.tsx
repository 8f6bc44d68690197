'use client';

import { signIn } from 'next-auth/react';
import { type FormEvent, useRef, useState } from 'react';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { TextInput } from '@/components/ui/text-input';

/** A person of the demo. */
export type DemoAccount = { email: string; name: string; role: string; tenant: string };

const FAILED = 'That did not sign you in. Check both entries, or wait a minute after several attempts.';

/**
 * Signing in. A failure never says which part was wrong. The form posts, so that nothing typed before the page is ready
 * can end up in an address.
 */
export function SignInForm({
  demoAccounts,
  demoPassword,
  password: byPassword,
  oidcName,
  callbackPath,
  failed,
}: {
  demoAccounts: readonly DemoAccount[];
  demoPassword: string | null;
  password: boolean;
  oidcName: string | null;
  callbackPath: string;
  failed: boolean;
}) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(failed ? FAILED : null);
  const submit = useRef<HTMLButtonElement>(null);

  async function onSubmit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const answer = await signIn('credentials', {
      email,
      password,
      redirect: false,
      callbackUrl: callbackPath,
    }).catch(() => undefined);
    if (answer?.ok === true && !answer.error) {
      window.location.assign(callbackPath);
      return;
    }
    setBusy(false);
    setPassword('');
    setProblem(
      answer === undefined || answer.status >= 500 ? 'The console did not answer. Try again.' : FAILED,
    );
  }

  function fill(account: DemoAccount) {
    setEmail(account.email);
    setPassword(demoPassword ?? '');
    setProblem(null);
    submit.current?.focus();
  }

  return (
    <>
      <h1>Sign in</h1>
      {problem !== null && (
        <p className="door-problem" role="alert">
          {problem}
        </p>
      )}
      {oidcName !== null && (
        <Button variant="primary" wide onClick={() => void signIn('oidc', { callbackUrl: callbackPath })}>
          Continue with {oidcName}
        </Button>
      )}
      {byPassword && (
        <form method="post" action="/api/auth/callback/credentials" onSubmit={onSubmit}>
          <Field label="E-mail">
            {(control) => (
              <TextInput
                {...control}
                name="email"
                type="email"
                autoComplete="username"
                required
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            )}
          </Field>
          <Field label="Password">
            {(control) => (
              <TextInput
                {...control}
                name="password"
                type="password"
                autoComplete="current-password"
                required
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
          <Button
            ref={submit}
            type="submit"
            variant={oidcName === null ? 'primary' : 'plain'}
            wide
            busy={busy}
          >
            Sign in
          </Button>
        </form>
      )}
      {!byPassword && oidcName === null && (
        <p className="door-problem">
          No way to sign in is configured. The one-time link that the console printed when it was started
          creates the first administrator.
        </p>
      )}
      {demoAccounts.length > 0 && (
        <Panel title="People of the demo" note="choose one, then sign in" flush>
          <ul className="door-list">
            {demoAccounts.map((account) => (
              <li key={account.email}>
                <button type="button" aria-pressed={account.email === email} onClick={() => fill(account)}>
                  <Avatar name={account.name} />
                  {account.name}
                  <small>
                    {account.role}
                    <br />
                    {account.tenant}
                  </small>
                </button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}
