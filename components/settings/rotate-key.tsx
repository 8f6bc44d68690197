'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { KEY_WORDS } from './key-words';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';

/** Putting a new key of the console into force. */
export function RotateKey({ purpose }: { purpose: string }) {
  const [open, setOpen] = useState(false);
  const { state, send } = useChange(() => setOpen(false));
  const name = KEY_WORDS[purpose]?.name ?? purpose;
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const compromised = new FormData(event.currentTarget).get('compromised') === 'on';
    void send('POST', '/api/v1/settings/keys', { purpose, compromised });
  }
  return (
    <>
      <Button small onClick={() => setOpen(true)} aria-label={`Exchange the key: ${name}`}>
        Exchange
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={`Exchange the key: ${name}`}
        description="A new key signs from now on. The old one stays published for ever with the time in which it counted, so that what it signed stays verifiable."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button variant="danger" type="submit" form={`rotate-${purpose}`} busy={state.kind === 'sending'}>
              Exchange for good
            </Button>
          </>
        }
      >
        <form id={`rotate-${purpose}`} className="settings-form" method="post" onSubmit={onSubmit}>
          <ProblemLine state={state} />
          <div className="settings-checks">
            <label>
              <input type="checkbox" name="compromised" /> Somebody else may hold the old key
            </label>
          </div>
          <p className="dim">
            {purpose === 'approval'
              ? 'Without this, tokens that were issued stay good for their minutes. With it, nothing the old key signed is redeemed any more, and gateways that ask for the keys again refuse it.'
              : 'Without this, what is being written now may still end under the old key. With it, the old key counts for ten more seconds.'}
          </p>
        </form>
      </Dialog>
    </>
  );
}
