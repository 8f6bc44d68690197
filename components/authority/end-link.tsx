'use client';

import { type FormEvent, useState } from 'react';
import { ProblemLine } from '@/components/settings/problem-line';
import { useChange } from '@/components/settings/use-change';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextArea } from '@/components/ui/text-area';
import { LINK_ENDINGS, type PersonLinkView } from '@/lib/identity/person-requests';
import { LINK_ENDING_WORDS } from './link-words';

const REASONS = LINK_ENDINGS.map((value) => ({ value, label: LINK_ENDING_WORDS[value] }));

/** Ending a link that was wrong, or is so no longer, after a question. */
export function EndLink({
  person,
  link: { kind, value, name },
}: {
  person: { id: string; name: string };
  link: Pick<PersonLinkView, 'kind' | 'value' | 'name'>;
}) {
  const [open, setOpen] = useState(false);
  const { state, send } = useChange(() => setOpen(false));
  const form = `end-link-${kind}-${value}`;

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    void send('POST', `/api/v1/people/${encodeURIComponent(person.id)}/links/end`, {
      link: { kind, value },
      reasonCode: fields.get('reasonCode'),
      reasonText: String(fields.get('reasonText') ?? ''),
    });
  }

  return (
    <>
      <Button small onClick={() => setOpen(true)} aria-label={`End the link to ${name ?? value}`}>
        End
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="End this link?"
        description={`${name ?? value} then is ${person.name} no longer, for everything asked from now on. What was asked while the link stood stays closed to them, and the link stays on record.`}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button variant="primary" type="submit" form={form} busy={state.kind === 'sending'}>
              End it
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
        <form id={form} className="settings-form" method="post" onSubmit={onSubmit}>
          <Field label="Why">
            {(control) => <Select {...control} name="reasonCode" options={REASONS} defaultValue="mistaken" />}
          </Field>
          <Field label="In your words" hint="No names or account numbers. Records hold only its digest.">
            {(control) => <TextArea {...control} name="reasonText" maxLength={500} rows={2} required />}
          </Field>
        </form>
      </Dialog>
    </>
  );
}
