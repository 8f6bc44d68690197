'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Id } from '@/components/ui/id';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';

/** Ending one key of a producer. */
export function RetireKey({ producer, keyid, last }: { producer: string; keyid: string; last: boolean }) {
  const [open, setOpen] = useState(false);
  const { state, send } = useChange(() => setOpen(false));
  return (
    <>
      <Button small onClick={() => setOpen(true)} aria-label={`Retire key ${keyid}`}>
        Retire
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Retire this key?"
        description={
          last
            ? 'It is the last key of this producer: nothing it sends is accepted until you add another. What the key signed before stays verifiable.'
            : 'Nothing signed by it is accepted from now on. What it signed before stays verifiable for ever.'
        }
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button
              variant="danger"
              busy={state.kind === 'sending'}
              onClick={() => void send('POST', '/api/v1/settings/producers/retire-key', { producer, keyid })}
            >
              Retire for good
            </Button>
          </>
        }
      >
        <p>
          <Id value={keyid} whole />
        </p>
        <ProblemLine state={state} />
      </Dialog>
    </>
  );
}
