'use client';

import { useState } from 'react';
import { ProblemLine } from '@/components/settings/problem-line';
import { useChange } from '@/components/settings/use-change';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { PASSKEY_ENDINGS, type PasskeyEnding, type PasskeyView } from '@/lib/identity/passkey-requests';
import { ENDING_WORDS } from './device-words';

/** Ending one passkey, with its reason. `path` is where it is asked for: one's own, or an administrator's. */
export function RetirePasskey({
  passkey,
  path,
  last,
}: {
  passkey: PasskeyView;
  path: string;
  last: boolean;
}) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<PasskeyEnding>('lost');
  const close = () => setOpen(false);
  const { state, send } = useChange(close);
  return (
    <>
      <Button small onClick={() => setOpen(true)} aria-label={`End ${passkey.name}`}>
        End
      </Button>
      <Dialog
        open={open}
        onClose={close}
        title={`End the passkey “${passkey.name}”?`}
        description={
          last
            ? 'It is the last one: another can then only be registered with a one-time link from an administrator. What it signed stays verifiable for ever.'
            : 'Nothing signed with it counts from now on. What it signed before stays verifiable for ever.'
        }
        footer={
          <>
            <Button onClick={close}>Keep it</Button>
            <Button
              variant="danger"
              busy={state.kind === 'sending'}
              onClick={() => void send('POST', path, { passkey: passkey.id, reason })}
            >
              End it for good
            </Button>
          </>
        }
      >
        <Field label="Why">
          {(control) => (
            <Select
              {...control}
              value={reason}
              onChange={(event) => setReason(event.target.value as PasskeyEnding)}
              options={PASSKEY_ENDINGS.map((value) => ({ value, label: ENDING_WORDS[value] }))}
            />
          )}
        </Field>
        <ProblemLine state={state} />
      </Dialog>
    </>
  );
}
