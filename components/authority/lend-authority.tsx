'use client';

import { type FormEvent, useState } from 'react';
import { ProblemLine } from '@/components/settings/problem-line';
import { useChange } from '@/components/settings/use-change';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextArea } from '@/components/ui/text-area';
import { TextInput } from '@/components/ui/text-input';
import type { Authority } from '@/lib/identity/authority';
import { DELEGATION_REASONS } from '@/lib/identity/delegation-requests';
import { AuthorityFields, readAuthorityFields } from './authority-fields';
import { DELEGATION_REASON_WORDS } from './delegation-words';

const REASONS = DELEGATION_REASONS.map((value) => ({ value, label: DELEGATION_REASON_WORDS[value] }));

/** What the browser's own date and time field says, as an instant; empty where it says nothing. */
function readInstant(form: FormData, name: string): string {
  const ms = new Date(String(form.get(name) ?? '')).getTime();
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString();
}

/** Handing one's own authority, or a part of it, to a colleague for a time. */
export function LendAuthority({
  own,
  colleagues,
  classes,
}: {
  own: Authority;
  colleagues: readonly { id: string; name: string }[];
  classes: readonly string[];
}) {
  const [open, setOpen] = useState(false);
  const [part, setPart] = useState(false);
  const { state, send } = useChange(() => setOpen(false));

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void send('POST', '/api/v1/delegations', {
      to: form.get('to'),
      authority: part ? readAuthorityFields(form) : null,
      from: readInstant(form, 'fromAt'),
      until: readInstant(form, 'untilAt'),
      reasonCode: form.get('reasonCode'),
      reasonText: form.get('reasonText'),
    });
  }

  return (
    <>
      <Button small icon="plus" onClick={() => setOpen(true)} disabled={colleagues.length === 0}>
        Lend authority
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Lend your authority"
        description="A colleague decides in your role and never further than you may. What you asked for yourself stays closed to them, and for each escalation it counts once for both of you."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form="lend-authority" busy={state.kind === 'sending'}>
              Lend it
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
        <form id="lend-authority" className="settings-form" method="post" onSubmit={onSubmit}>
          <Field label="To">
            {(control) => (
              <Select
                {...control}
                name="to"
                required
                defaultValue=""
                placeholder="Choose a colleague"
                options={colleagues.map(({ id, name }) => ({ value: id, label: name }))}
              />
            )}
          </Field>
          <div className="settings-halves">
            <Field label="From" hint="In this browser’s time zone.">
              {(control) => <TextInput {...control} type="datetime-local" name="fromAt" required />}
            </Field>
            <Field label="Until" hint="At most 92 days. It ends by itself.">
              {(control) => <TextInput {...control} type="datetime-local" name="untilAt" required />}
            </Field>
          </div>
          <Field label="Why">
            {(control) => <Select {...control} name="reasonCode" options={REASONS} defaultValue="leave" />}
          </Field>
          <Field
            label="In your words"
            hint="Shown to your colleague and to those who oversee; records hold only its digest."
          >
            {(control) => <TextArea {...control} name="reasonText" maxLength={500} rows={2} required />}
          </Field>
          <div className="settings-checks">
            <label>
              <input
                type="checkbox"
                checked={part}
                onChange={({ currentTarget }) => setPart(currentTarget.checked)}
              />
              Only a part of it
            </label>
          </div>
          {part && (
            <AuthorityFields
              authority={own}
              classes={classes}
              hint="No more than your own."
              mayBeNothing={false}
            />
          )}
        </form>
      </Dialog>
    </>
  );
}
