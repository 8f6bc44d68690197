'use client';

import { useState } from 'react';
import * as z from 'zod/mini';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { TextInput } from '@/components/ui/text-input';
import { useRequest } from '@/lib/client/use-request';
import { RETENTION_KIND_NAMES, RETENTION_KINDS, type RetentionSchedule } from '@/lib/retention/schedule';
import { FormDialog } from './form-dialog';

/** How long each kind is kept: days, or nothing for "until erased". */
export function SetSchedule({ schedule, version }: { schedule: RetentionSchedule; version: number }) {
  const [open, setOpen] = useState(false);
  const { busy, problem, send } = useRequest();
  async function set(form: FormData) {
    const days = RETENTION_KINDS.map((kind) => {
      const text = String(form.get(kind)).trim();
      return [kind, text === '' ? null : Number(text)] as const;
    });
    const body = { schedule: Object.fromEntries(days), baseVersion: version };
    if ((await send('/api/v1/vault/retention', z.unknown(), { method: 'PUT', body })) !== null)
      setOpen(false);
  }
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        Change the schedule
      </Button>
      {open && (
        <FormDialog
          title="Retention schedule"
          description="Days that each kind is kept; empty: until its subject is erased. What is kept already is measured by it as well. The change becomes a signed record."
          submit="Put in force"
          busy={busy}
          problem={problem}
          onClose={() => setOpen(false)}
          onSubmit={(form) => void set(form)}
        >
          {RETENTION_KINDS.map((kind) => (
            <Field key={kind} label={RETENTION_KIND_NAMES[kind]}>
              {(control) => (
                <TextInput
                  {...control}
                  type="number"
                  name={kind}
                  min={1}
                  max={36_525}
                  step={1}
                  defaultValue={schedule[kind] ?? ''}
                />
              )}
            </Field>
          ))}
        </FormDialog>
      )}
    </>
  );
}
