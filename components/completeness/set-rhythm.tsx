'use client';

import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ProblemLine } from '@/components/settings/problem-line';
import { useChange } from '@/components/settings/use-change';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { TextInput } from '@/components/ui/text-input';
import { completenessQuery } from '@/lib/client/queries/completeness';
import type { ProducerState } from '@/lib/completeness/producer-state';

const PATH = '/api/v1/settings/producers/rhythm';

/** An administrator's word on how often a producer should be heard. */
export function SetRhythm({ producer }: { producer: ProducerState }) {
  const [open, setOpen] = useState(false);
  const [fault, setFault] = useState<string | undefined>();
  const queries = useQueryClient();
  const { state, send } = useChange(() => {
    setOpen(false);
    void queries.invalidateQueries({ queryKey: completenessQuery().queryKey });
  });

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const minutes = Number(new FormData(event.currentTarget).get('minutes'));
    const seconds = Math.round(minutes * 60);
    if (!(seconds >= 10 && seconds <= 2_592_000)) {
      setFault('Between ten seconds (0.17) and thirty days (43200).');
      return;
    }
    setFault(undefined);
    void send('PUT', PATH, { producer: producer.producer, expectedSeconds: seconds });
  }

  return (
    <>
      <button
        type="button"
        className="link"
        onClick={() => setOpen(true)}
        aria-label={`Say how often ${producer.name} should be heard`}
      >
        {producer.expectedSeconds === null ? 'Set' : 'Change'}
      </button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={`How often should ${producer.name} be heard?`}
        description="Twice as long without a record counts as silence. It is a signed record."
        footer={
          <>
            {producer.expectedSeconds !== null && (
              <Button
                busy={state.kind === 'sending'}
                onClick={() => void send('PUT', PATH, { producer: producer.producer, expectedSeconds: null })}
              >
                Leave it to its own rhythm
              </Button>
            )}
            <Button
              variant="primary"
              type="submit"
              form={`rhythm-${producer.producer}`}
              busy={state.kind === 'sending'}
            >
              Set
            </Button>
          </>
        }
      >
        <form id={`rhythm-${producer.producer}`} className="settings-form" method="post" onSubmit={onSubmit}>
          <ProblemLine state={state} />
          <Field label="Minutes" error={fault}>
            {(control) => (
              <TextInput
                {...control}
                name="minutes"
                inputMode="decimal"
                required
                defaultValue={producer.expectedSeconds === null ? '' : String(producer.expectedSeconds / 60)}
              />
            )}
          </Field>
        </form>
      </Dialog>
    </>
  );
}
