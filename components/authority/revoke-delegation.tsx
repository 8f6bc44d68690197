'use client';

import { useState } from 'react';
import { ProblemLine } from '@/components/settings/problem-line';
import { useChange } from '@/components/settings/use-change';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { DelegationView } from '@/lib/identity/delegation-requests';

/** Ends lent authority before its time, after a question. */
export function RevokeDelegation({ delegation }: { delegation: DelegationView }) {
  const [open, setOpen] = useState(false);
  const { state, send } = useChange(() => setOpen(false));
  const path = `/api/v1/delegations/${encodeURIComponent(delegation.id)}/revoke`;
  return (
    <>
      <Button small onClick={() => setOpen(true)} aria-label={`End what ${delegation.from.name} lent`}>
        End
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="End this now?"
        description={`${delegation.to.name} can no longer decide with the authority of ${delegation.from.name}. What was decided with it stays.`}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button variant="primary" busy={state.kind === 'sending'} onClick={() => void send('POST', path)}>
              End it
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
      </Dialog>
    </>
  );
}
