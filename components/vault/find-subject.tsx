'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextInput } from '@/components/ui/text-input';
import { useRequest } from '@/lib/client/use-request';
import { IDENTIFIER_TYPE_NAMES } from '@/lib/vault/identifier-type';
import { type LookAnswer, lookAnswer } from '@/lib/vault/look-request';
import { BecauseFields, readBecause } from './because-fields';
import { FormDialog } from './form-dialog';
import { LookResult } from './look-result';
import './vault.css';

/** "I only have the real identifier": from it to its token, for a purpose and a case; the look itself is recorded. */
export function FindSubject({
  label = 'I only have the real identifier',
  onFound,
}: {
  label?: string;
  onFound?: (token: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const [answer, setAnswer] = useState<LookAnswer | null>(null);
  const { busy, problem, send } = useRequest();
  function close() {
    setOpen(false);
    setAnswer(null);
  }
  async function look(form: FormData) {
    const body = { type: form.get('type'), identifier: String(form.get('identifier')), ...readBecause(form) };
    const told = await send('/api/v1/vault/find', lookAnswer, { body });
    if (told?.status === 'found' && onFound) {
      close();
      onFound(told.token);
    } else setAnswer(told);
  }
  return (
    <>
      <Button small icon="vault" onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open && answer === null && (
        <FormDialog
          title="Find by a real identifier"
          description="The identifier goes to the vault and no further; the search uses its token. That you looked, why and under which case becomes a signed record that data protection sees."
          submit="Look it up and record"
          busy={busy}
          problem={problem}
          onClose={close}
          onSubmit={(form) => void look(form)}
        >
          <Field label="What it is">
            {(control) => (
              <Select
                {...control}
                name="type"
                required
                options={Object.entries(IDENTIFIER_TYPE_NAMES).map(([value, name]) => ({
                  value,
                  label: name,
                }))}
              />
            )}
          </Field>
          <Field label="Identifier" hint="Spaces and hyphens do not matter.">
            {(control) => (
              <TextInput
                {...control}
                mono
                name="identifier"
                required
                maxLength={320}
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </Field>
          <BecauseFields />
        </FormDialog>
      )}
      <Dialog open={open && answer !== null} onClose={close} title="Find by a real identifier">
        {answer && <LookResult answer={answer} />}
      </Dialog>
    </>
  );
}
