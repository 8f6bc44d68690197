'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { TextInput } from '@/components/ui/text-input';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';

/** Pinning another console, by what its administrator told. */
export function AddPeer() {
  const [open, setOpen] = useState(false);
  const { state, send } = useChange(() => setOpen(false));
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name)).trim();
    void send('POST', '/api/v1/settings/peers', {
      name: text('name'),
      url: text('url'),
      logVkey: text('logVkey'),
      publicKey: text('publicKey'),
    });
  }
  return (
    <>
      <Button small icon="plus" onClick={() => setOpen(true)}>
        Pin a console
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Pin another console"
        description="Take the keys from its administrator, not from its address: they are what you will trust. Nothing is shared by pinning alone."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form="add-peer" busy={state.kind === 'sending'}>
              Pin it
            </Button>
          </>
        }
      >
        <form id="add-peer" className="settings-form" method="post" onSubmit={onSubmit}>
          <ProblemLine state={state} />
          <Field label="Name" hint="As it appears beside its decisions.">
            {(control) => <TextInput {...control} name="name" maxLength={64} required />}
          </Field>
          <Field label="Address" hint="Its origin, such as https://console.example.">
            {(control) => <TextInput {...control} name="url" maxLength={500} required />}
          </Field>
          <Field label="Verifier key of its log">
            {(control) => (
              <TextInput {...control} name="logVkey" maxLength={4000} spellCheck={false} required />
            )}
          </Field>
          <Field label="Key of its requests" hint="43 characters.">
            {(control) => (
              <TextInput {...control} name="publicKey" maxLength={43} spellCheck={false} required />
            )}
          </Field>
        </form>
      </Dialog>
    </>
  );
}
