'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';
import { WitnessEntryForm } from './witness-entry';
import { WITNESS_FORMS } from './witness-fields';

const FORM = 'add-witness';

/** Registering a witness: its kind, and what that kind needs. */
export function AddWitness() {
  const [open, setOpen] = useState(false);
  const [key, setKey] = useState(WITNESS_FORMS[0]?.key ?? '');
  const { state, send } = useChange(() => setOpen(false));
  const form = WITNESS_FORMS.find((one) => one.key === key);
  return (
    <>
      <Button small icon="plus" onClick={() => setOpen(true)}>
        Add a witness
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Add a witness"
        description="Somebody outside this console who fixes the log in time. What it answers counts once it verifies under a root that is pinned here."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form={FORM} busy={state.kind === 'sending'}>
              Add
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
        <div className="settings-form settings-before">
          <Field label="Kind">
            {(control) => (
              <Select
                {...control}
                value={key}
                onChange={(event) => setKey(event.target.value)}
                options={WITNESS_FORMS.map((one) => ({ value: one.key, label: one.label }))}
              />
            )}
          </Field>
        </div>
        {form && (
          <WitnessEntryForm
            key={form.key}
            id={FORM}
            form={form}
            witness={null}
            onEntry={(entry) =>
              void send('POST', '/api/v1/settings/witnesses', { ...entry, type: form.type })
            }
          />
        )}
      </Dialog>
    </>
  );
}
