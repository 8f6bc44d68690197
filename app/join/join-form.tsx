'use client';

import { signIn } from 'next-auth/react';
import { type FormEvent, useState } from 'react';
import * as z from 'zod/mini';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { TextInput } from '@/components/ui/text-input';
import { fetchJson, RequestError } from '@/lib/client/fetch-json';
import { routes } from '@/lib/client/routes';

type Stage = { kind: 'form'; problem: string | null } | { kind: 'sending' } | { kind: 'founded' };

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/**
 * The first administrator names the organisation and themselves. With the organisation's own sign-in they then go
 * through it; without one they set a password, which only ever opens an administrator, who can approve nothing.
 */
export function JoinForm({
  oidcName,
  minimumPasswordCharacters,
}: {
  oidcName: string | null;
  minimumPasswordCharacters: number;
}) {
  const [stage, setStage] = useState<Stage>({ kind: 'form', problem: null });

  async function enter(email: string, password: string): Promise<void> {
    if (oidcName !== null) return setStage({ kind: 'founded' });
    const answer = await signIn('credentials', { email, password, redirect: false }).catch(() => undefined);
    window.location.assign(
      answer?.ok && !answer.error ? routes.settings() : routes.signIn(routes.settings()),
    );
  }

  async function onSubmit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const secret = window.location.hash.slice(1);
    if (!/^[A-Za-z0-9_-]{43}$/.test(secret)) {
      setStage({
        kind: 'form',
        problem: 'This address is not complete. Open the whole link that the console printed.',
      });
      return;
    }
    const email = text(form, 'email');
    const password = text(form, 'password');
    setStage({ kind: 'sending' });
    try {
      await fetchJson('/api/v1/tenants', z.object({ tenant: z.string() }), {
        method: 'POST',
        body: {
          secret,
          organisation: text(form, 'organisation'),
          name: text(form, 'name'),
          email,
          ...(oidcName === null ? { password } : {}),
        },
      });
      // The secret is spent; it need not stay in the address bar or the history.
      window.history.replaceState(null, '', window.location.pathname);
      await enter(email, password);
    } catch (error) {
      const problem =
        error instanceof RequestError ? error.message : 'The console did not answer. Try again.';
      setStage({ kind: 'form', problem });
    }
  }

  if (stage.kind === 'founded')
    return (
      <>
        <h1>The organisation is founded</h1>
        <Button
          variant="primary"
          wide
          onClick={() => void signIn('oidc', { callbackUrl: routes.settings() })}
        >
          Continue with {oidcName}
        </Button>
      </>
    );
  return (
    <>
      <h1>Become the first administrator</h1>
      <p className="dim">An administrator configures producers, people and policy, and approves nothing.</p>
      {stage.kind === 'form' && stage.problem !== null && (
        <p className="door-problem" role="alert">
          {stage.problem}
        </p>
      )}
      <form method="post" action="/join" onSubmit={onSubmit}>
        <Field label="Organisation">
          {(control) => (
            <TextInput
              {...control}
              name="organisation"
              autoComplete="organization"
              maxLength={128}
              required
            />
          )}
        </Field>
        <Field label="Your name">
          {(control) => <TextInput {...control} name="name" autoComplete="name" maxLength={128} required />}
        </Field>
        <Field label="Your e-mail">
          {(control) => (
            <TextInput
              {...control}
              name="email"
              type="email"
              autoComplete="username"
              maxLength={320}
              required
            />
          )}
        </Field>
        {oidcName === null && (
          <Field
            label="Password"
            hint={`At least ${minimumPasswordCharacters} characters. Everybody you invite later signs in with your organisation's own sign-in (OIDC).`}
          >
            {(control) => (
              <TextInput
                {...control}
                name="password"
                type="password"
                autoComplete="new-password"
                minLength={minimumPasswordCharacters}
                maxLength={200}
                required
              />
            )}
          </Field>
        )}
        <Button type="submit" variant="primary" wide busy={stage.kind === 'sending'}>
          Found the organisation
        </Button>
      </form>
    </>
  );
}
