'use client';

import { type FormEvent, useState } from 'react';
import { ProblemLine } from '@/components/settings/problem-line';
import { useChange } from '@/components/settings/use-change';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextInput } from '@/components/ui/text-input';
import type { PersonLinkKind } from '@/lib/identity/person-requests';
import { LINK_WORDS } from './link-words';

const KINDS = (Object.keys(LINK_WORDS) as PersonLinkKind[]).map((value) => ({
  value,
  label: LINK_WORDS[value],
}));

/** Saying that another account, a token, an agent or a producer is this person's. */
export function LinkAccount({
  person,
  others,
}: {
  person: { id: string; name: string };
  others: readonly { id: string; name: string }[];
}) {
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<PersonLinkKind>('person');
  const { state, send } = useChange(() => setOpen(false));
  const path = `/api/v1/people/${encodeURIComponent(person.id)}/links`;

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const value = String(new FormData(event.currentTarget).get('value') ?? '').trim();
    void send('POST', path, { kind, value });
  }

  return (
    <>
      <Button small icon="plus" onClick={() => setOpen(true)}>
        Add a link
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={`Also ${person.name}`}
        description="They decide nothing that it asks for, and all of their accounts count once, from now on and for what waits. Only compliance can end a link, with a reason; whatever was asked while it stood stays measured by it."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form="link-account" busy={state.kind === 'sending'}>
              Link
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
        <form id="link-account" className="settings-form" method="post" onSubmit={onSubmit}>
          <Field label="What is theirs">
            {(control) => (
              <Select
                {...control}
                options={KINDS}
                value={kind}
                onChange={({ currentTarget }) => setKind(currentTarget.value as PersonLinkKind)}
              />
            )}
          </Field>
          {kind === 'person' ? (
            <Field label="The other account">
              {(control) => (
                <Select
                  {...control}
                  name="value"
                  required
                  defaultValue=""
                  placeholder="Choose an account"
                  options={others.map(({ id, name }) => ({ value: id, label: name }))}
                />
              )}
            </Field>
          ) : (
            <Field
              label="Its id"
              hint="A subject token, an agent’s id or a producer’s SPIFFE ID; never a name."
            >
              {(control) => (
                <TextInput {...control} mono name="value" spellCheck={false} maxLength={512} required />
              )}
            </Field>
          )}
        </form>
      </Dialog>
    </>
  );
}
