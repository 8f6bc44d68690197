'use client';

import { type FormEvent, useState } from 'react';
import { HAND_UP_WORDS } from '@/components/escalations/escalation-words';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { handUpResponse } from '@/lib/escalations/flow-view';
import { FlowProblem } from './flow-problem';
import { useFlowCall } from './use-flow-call';

/** To the next higher authority, with a reason code and no words that could lead whoever decides. */
export function HandUpDialog({ escalationId }: { escalationId: string }) {
  const [open, setOpen] = useState(false);
  const call = useFlowCall(escalationId);
  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const reasonCode = new FormData(event.currentTarget).get('reason-code');
    if ((await call.send('raise', { reasonCode }, handUpResponse)) !== null) setOpen(false);
  }
  return (
    <>
      <Button small kbd="h" data-flow="raise" onClick={() => setOpen(true)}>
        Hand up
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Hand to higher authority"
        description="The senior reviewers are told, or compliance where no other senior reviewer may decide it. It is no verdict, and it expires when it would have. A claim of yours is given back."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form="flow-raise" busy={call.isBusy}>
              Hand up
            </Button>
          </>
        }
      >
        <form id="flow-raise" method="post" onSubmit={(event) => void onSubmit(event)}>
          <Field label="Reason" hint="It is recorded, and shown to whoever decides.">
            {(control) => (
              <Select
                {...control}
                name="reason-code"
                options={Object.entries(HAND_UP_WORDS).map(([value, label]) => ({ value, label }))}
              />
            )}
          </Field>
        </form>
        <FlowProblem problem={call.problem} />
      </Dialog>
    </>
  );
}
