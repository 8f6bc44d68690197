'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';

/** Taking a root's trust away. */
export function UnpinRoot({ kind, fingerprint, name }: { kind: string; fingerprint: string; name: string }) {
  const [open, setOpen] = useState(false);
  const { state, send } = useChange(() => setOpen(false));
  return (
    <>
      <Button small onClick={() => setOpen(true)} aria-label={`Unpin ${name}`}>
        Unpin
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={
          <>
            Unpin <MarkedText text={name} />?
          </>
        }
        description="What rests on it counts for nothing from now on, here and in the policy. The receipts stay; they count again when it is pinned again."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button
              variant="primary"
              busy={state.kind === 'sending'}
              onClick={() => void send('POST', '/api/v1/trust/unpin', { kind, fingerprint })}
            >
              Unpin
            </Button>
          </>
        }
      >
        <p>
          <Id value={fingerprint} whole />
        </p>
        <ProblemLine state={state} />
      </Dialog>
    </>
  );
}
