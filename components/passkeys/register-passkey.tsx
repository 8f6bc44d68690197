'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState, useSyncExternalStore } from 'react';
import * as z from 'zod/mini';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { TextInput } from '@/components/ui/text-input';
import { fetchJson, RequestError } from '@/lib/client/fetch-json';
import { DeviceError, registerOnDevice, signOnDevice } from '@/lib/client/passkeys/ask-device';
import type { PasskeyGrant } from '@/lib/identity/passkey-requests';
import { DEVICE_WORDS } from './device-words';

type Stage =
  | { at: 'form'; problem: string | null; done: boolean }
  | { at: 'asking' }
  | { at: 'device'; which: 'new' | 'old' }
  | { at: 'recording' };

const PATH = '/api/v1/passkeys';
const options = z.record(z.string(), z.unknown());
const answer = z.object({ registration: options, confirmation: z.nullable(options) });

const STAGE_WORDS = {
  asking: 'Asking the console for a challenge.',
  old: 'Waiting for a passkey that you have: it confirms that you are adding another.',
  new: 'Waiting for the new device: it makes a key and keeps it.',
  recording: 'Recording whose key it is.',
} as const;

/** A one-time link's secret stands in the address's fragment, which no server sees. */
function useLinkSecret(): string | null {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed);
      return () => window.removeEventListener('hashchange', changed);
    },
    () => /^#([A-Za-z0-9_-]{43})$/.exec(window.location.hash)?.[1] ?? null,
    () => null,
  );
}

/** Registers this device, or a key plugged into it, under a name. */
export function RegisterPasskey({ grant }: { grant: PasskeyGrant }) {
  const router = useRouter();
  const link = useLinkSecret();
  const [stage, setStage] = useState<Stage>({ at: 'form', problem: null, done: false });
  const isBusy = stage.at !== 'form';

  async function register(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get('name') ?? '').trim();
    if (isBusy || name === '') return;
    setStage({ at: 'asking' });
    try {
      const asked = await fetchJson(`${PATH}/options`, answer, { method: 'POST', body: { link } });
      let confirmation: unknown;
      if (asked.confirmation !== null) {
        setStage({ at: 'device', which: 'old' });
        confirmation = await signOnDevice(asked.confirmation);
      }
      setStage({ at: 'device', which: 'new' });
      const registration = await registerOnDevice(asked.registration);
      setStage({ at: 'recording' });
      await fetchJson(PATH, z.object({ id: z.string() }), {
        method: 'POST',
        body: { name, registration, ...(confirmation ? { confirmation } : {}), ...(link ? { link } : {}) },
      });
      if (link) window.history.replaceState(null, '', window.location.pathname);
      form.reset();
      setStage({ at: 'form', problem: null, done: true });
      router.refresh();
    } catch (error) {
      setStage({ at: 'form', problem: problemOf(error), done: false });
    }
  }

  if (grant === 'link' && link === null)
    return (
      <div className="passkey-form">
        <b>Your passkeys are gone</b>
        <p>
          A session alone may not register another: whoever took it could then sign as you. Ask an
          administrator for a one-time link, and open it in this browser.
        </p>
      </div>
    );
  return (
    <form className="form passkey-form" method="post" action="/passkeys" onSubmit={register}>
      <Field
        label="Name of the device"
        hint="Only for you and your administrators to tell devices apart; it is in no record."
      >
        {(control) => (
          <TextInput {...control} name="name" maxLength={64} required autoComplete="off" readOnly={isBusy} />
        )}
      </Field>
      <p className="lab">
        {link !== null
          ? 'You register with a one-time link. Its use is a record.'
          : grant === 'passkey'
            ? 'First a passkey that you have confirms it, then the new device answers.'
            : 'The device asks for your finger, face or PIN, and keeps the key.'}
      </p>
      <div className="btns">
        <Button type="submit" variant="primary" icon="passkey" busy={isBusy}>
          Register a passkey
        </Button>
      </div>
      <div role="status" className="passkey-stage">
        {stage.at === 'form'
          ? stage.done && 'Registered and recorded.'
          : STAGE_WORDS[stage.at === 'device' ? stage.which : stage.at]}
      </div>
      {stage.at === 'form' && stage.problem !== null && (
        <p className="err" role="alert">
          {stage.problem}
        </p>
      )}
    </form>
  );
}

function problemOf(error: unknown): string {
  if (error instanceof DeviceError)
    return `${DEVICE_WORDS[error.code].title}. ${DEVICE_WORDS[error.code].meaning}`;
  return error instanceof RequestError ? error.message : 'The console did not answer. Try again.';
}
