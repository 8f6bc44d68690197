'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { TextArea } from '@/components/ui/text-area';
import { FlowProblem } from './flow-problem';
import { ANY_ANSWER, useFlowCall } from './use-flow-call';

/** A question to whoever answers for the agent; the clock runs on. */
export function AskDialog({ escalationId }: { escalationId: string }) {
  const [open, setOpen] = useState(false);
  const call = useFlowCall(escalationId);
  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const question = String(new FormData(event.currentTarget).get('question') ?? '').trim();
    if ((await call.send('information', { question }, ANY_ANSWER)) !== null) setOpen(false);
  }
  return (
    <>
      <Button small kbd="q" data-flow="ask" onClick={() => setOpen(true)}>
        Ask for information
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Ask the agent’s owner"
        description="The gateway and the agent’s owners are told. The answer becomes part of the evidence. The escalation expires when it would have."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form="flow-ask" busy={call.isBusy}>
              Ask
            </Button>
          </>
        }
      >
        <form id="flow-ask" method="post" onSubmit={(event) => void onSubmit(event)}>
          <Field
            label="Question"
            hint="Ask for facts; a question that hints at a verdict leads whoever decides after you."
          >
            {(control) => <TextArea {...control} name="question" maxLength={2000} required />}
          </Field>
        </form>
        <FlowProblem problem={call.problem} />
      </Dialog>
    </>
  );
}
