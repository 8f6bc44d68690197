'use client';

import { type FormEvent, useState } from 'react';
import * as z from 'zod/mini';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextArea } from '@/components/ui/text-area';
import { useRequest } from '@/lib/client/use-request';
import { type ConditionResolution, mayAccept } from '@/lib/conditions/condition';
import { CONDITION_REASONS, type ConditionView } from '@/lib/conditions/condition-view';

const WAYS: Record<ConditionResolution, string> = {
  cleared: 'Cleared: the check passes again',
  accepted: 'Accepted: it stays missing, and I answer for it',
  abandoned: 'Given up: nothing can be executed on it any more',
};

/** Closing one condition: the check runs once more, and what still holds is refused unless it can be answered for. */
export function ResolveCondition({ condition }: { condition: ConditionView }) {
  const [open, setOpen] = useState(false);
  const { busy, problem, send } = useRequest();
  const ways: ConditionResolution[] = [
    'cleared',
    ...(mayAccept(condition.code) ? (['accepted'] as const) : []),
    ...(condition.scope.startsWith('escalation:') ? (['abandoned'] as const) : []),
  ];
  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const path = `/api/v1/integrity/conditions/${encodeURIComponent(condition.id)}/resolve`;
    const done = await send(path, z.unknown(), {
      body: {
        resolution: form.get('resolution'),
        reasonCode: form.get('reasonCode'),
        reasonText: String(form.get('reasonText')),
      },
    });
    if (done !== null) setOpen(false);
  }
  const id = `close-${condition.id}`;
  return (
    <>
      <Button small onClick={() => setOpen(true)} aria-label={`Close it: ${condition.detail}`}>
        Close it
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Close this condition?"
        description="The check runs once more at that moment. Who closed it, how and why becomes a signed record; your own words are kept beside it and can be erased."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Leave it open</Button>
            <Button variant="primary" type="submit" form={id} busy={busy}>
              Close and record
            </Button>
          </>
        }
      >
        <form id={id} className="cform" method="post" onSubmit={(event) => void onSubmit(event)}>
          {problem !== null && (
            <p className="err" role="alert">
              {problem}
            </p>
          )}
          <Field label="How">
            {(control) => (
              <Select
                {...control}
                name="resolution"
                required
                options={ways.map((value) => ({ value, label: WAYS[value] }))}
              />
            )}
          </Field>
          <Field label="Reason">
            {(control) => (
              <Select
                {...control}
                name="reasonCode"
                required
                defaultValue=""
                placeholder="Choose one"
                options={Object.entries(CONDITION_REASONS).map(([value, label]) => ({ value, label }))}
              />
            )}
          </Field>
          <Field label="In your own words" hint="What happened, and how you know. No names of customers.">
            {(control) => <TextArea {...control} name="reasonText" rows={4} maxLength={2000} required />}
          </Field>
        </form>
      </Dialog>
    </>
  );
}
