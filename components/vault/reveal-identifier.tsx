'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { TextInput } from '@/components/ui/text-input';
import { useRequest } from '@/lib/client/use-request';
import { type LookAnswer, lookAnswer } from '@/lib/vault/look-request';
import { BecauseFields, readBecause } from './because-fields';
import { FormDialog } from './form-dialog';
import { LookResult } from './look-result';

/** From a token to the identifier behind it; where the policy says so, once somebody else has granted it. */
export function RevealIdentifier() {
  const [open, setOpen] = useState(false);
  const [answer, setAnswer] = useState<LookAnswer | null>(null);
  const { busy, problem, send } = useRequest();
  function close() {
    setOpen(false);
    setAnswer(null);
  }
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        Show who a token is
      </Button>
      {open && answer === null && (
        <FormDialog
          title="Show who a token is"
          description="That you asked, why and under which case becomes a signed record that data protection sees."
          submit="Ask and record"
          busy={busy}
          problem={problem}
          onClose={close}
          onSubmit={(form) =>
            void send('/api/v1/vault/reveal', lookAnswer, {
              body: { token: String(form.get('token')).trim(), ...readBecause(form) },
            }).then(setAnswer)
          }
        >
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
          <BecauseFields />
        </FormDialog>
      )}
      <Dialog open={open && answer !== null} onClose={close} title="Show who a token is">
        {answer && <LookResult answer={answer} />}
      </Dialog>
    </>
  );
}
