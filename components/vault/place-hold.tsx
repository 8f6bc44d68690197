'use client';

import { useState } from 'react';
import * as z from 'zod/mini';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextArea } from '@/components/ui/text-area';
import { TextInput } from '@/components/ui/text-input';
import { useRequest } from '@/lib/client/use-request';
import { HOLD_REASONS } from '@/lib/retention/hold';
import { FormDialog } from './form-dialog';

const words = (form: FormData, name: string): string[] =>
  String(form.get(name))
    .split(/[\s,]+/)
    .filter(Boolean);
const dayStart = (form: FormData, name: string): string | null => {
  const day = String(form.get(name));
  return day === '' ? null : `${day}T00:00:00.000Z`;
};

/** Placing a legal hold: scope by subject, agent, time and case, with a reason. */
export function PlaceHold() {
  const [open, setOpen] = useState(false);
  const { busy, problem, send } = useRequest();
  async function place(form: FormData) {
    const scopeCase = String(form.get('scopeCase')).trim();
    const body = {
      scope: {
        subjects: words(form, 'subjects'),
        agents: words(form, 'agents'),
        from: dayStart(form, 'from'),
        until: dayStart(form, 'until'),
        caseRef: scopeCase === '' ? null : scopeCase,
      },
      caseRef: String(form.get('caseRef')).trim(),
      reasonCode: form.get('reasonCode'),
      reasonText: String(form.get('reasonText')),
    };
    if ((await send('/api/v1/vault/holds', z.unknown(), { body })) !== null) setOpen(false);
  }
  return (
    <>
      <Button small variant="primary" onClick={() => setOpen(true)}>
        Place a hold
      </Button>
      {open && (
        <FormDialog
          title="Place a legal hold"
          description="From this moment nothing that it covers is deleted, by no schedule and no erasure, until two people release it. Each part you fill in narrows it; fill in one at least."
          submit="Place and record"
          busy={busy}
          problem={problem}
          onClose={() => setOpen(false)}
          onSubmit={(form) => void place(form)}
        >
          <Field label="Subject tokens" optional hint="Separated by spaces or lines.">
            {(control) => (
              <TextArea {...control} name="subjects" rows={2} maxLength={38_000} spellCheck={false} />
            )}
          </Field>
          <Field label="Agents" optional hint="Whatever came from them, and about whom they decided.">
            {(control) => <TextInput {...control} mono name="agents" maxLength={4_000} spellCheck={false} />}
          </Field>
          <div className="vpair">
            <Field label="From" optional hint="Midnight UTC">
              {(control) => <TextInput {...control} type="date" name="from" />}
            </Field>
            <Field label="Before" optional hint="Midnight UTC">
              {(control) => <TextInput {...control} type="date" name="until" />}
            </Field>
          </div>
          <Field label="Looked up under case" optional hint="Every subject looked up under it, also later.">
            {(control) => <TextInput {...control} mono name="scopeCase" maxLength={64} autoComplete="off" />}
          </Field>
          <Field label="Case number of the hold">
            {(control) => (
              <TextInput
                {...control}
                mono
                name="caseRef"
                required
                minLength={3}
                maxLength={64}
                autoComplete="off"
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
                options={Object.entries(HOLD_REASONS).map(([value, label]) => ({ value, label }))}
              />
            )}
          </Field>
          <Field label="In your own words" hint="Kept encrypted beside the record; no names of customers.">
            {(control) => (
              <TextArea {...control} name="reasonText" rows={2} minLength={3} maxLength={2000} required />
            )}
          </Field>
        </FormDialog>
      )}
    </>
  );
}
