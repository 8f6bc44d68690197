'use client';

import { useState } from 'react';
import * as z from 'zod/mini';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { TextInput } from '@/components/ui/text-input';
import { useRequest } from '@/lib/client/use-request';
import { BecauseFields, readBecause } from './because-fields';
import { FormDialog } from './form-dialog';

/** Asks a second person: to release a hold, to erase a subject (whose token is typed), to let contents be read. */
export function AskSecond({
  kind,
  target,
  label,
  title,
  description,
}: {
  kind: 'release' | 'erase' | 'payload';
  /** Null: a subject token is asked for. */
  target: string | null;
  label: string;
  title: string;
  description: string;
}) {
  const [open, setOpen] = useState(false);
  const { busy, problem, send } = useRequest();
  async function ask(form: FormData) {
    const body = { kind, target: target ?? String(form.get('token')).trim(), ...readBecause(form) };
    if ((await send('/api/v1/vault/requests', z.unknown(), { body })) !== null) setOpen(false);
  }
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open && (
        <FormDialog
          title={title}
          description={description}
          submit="Ask a second person"
          busy={busy}
          problem={problem}
          onClose={() => setOpen(false)}
          onSubmit={(form) => void ask(form)}
        >
          {target === null && (
            <Field label="Subject token">
              {(control) => (
                <TextInput
                  {...control}
                  mono
                  name="token"
                  required
                  pattern="\s*tok_[0-9a-f]{32}\s*"
                  title="tok_ and 32 hex digits"
                  autoComplete="off"
                  spellCheck={false}
                />
              )}
            </Field>
          )}
          <BecauseFields />
        </FormDialog>
      )}
    </>
  );
}
