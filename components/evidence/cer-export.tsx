'use client';

import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Id } from '@/components/ui/id';
import { LiveRegion } from '@/components/ui/live-region';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import { StateBox } from '@/components/ui/state-box';
import { saveFile } from '@/lib/client/save-file';
import type { ExportPurpose } from '@/lib/evidence/package/manifest';
import { PURPOSE_OPTIONS } from './export-words';

/** One decision as a Certified Execution Record, for those who may take payloads out; the others read why not. */
export function CerExport({ decision, mayExport }: { decision: string; mayExport: boolean }) {
  const save = useMutation({
    mutationFn: async (purpose: ExportPurpose) => {
      const { receiveCer } = await import('@/lib/client/evidence/receive-cer');
      const received = await receiveCer({ decision, purpose, caseReference: null });
      saveFile(received.blob, received.name);
      return received;
    },
  });

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const purpose = String(new FormData(event.currentTarget).get('purpose')) as ExportPurpose;
    if (!save.isPending) save.mutate(purpose);
  }

  return (
    <Panel title="Certified Execution Record" note="NexArt cer.ai.execution.v1">
      <div className="ex-out">
        {mayExport ? (
          <form className="ex-form" method="post" onSubmit={onSubmit}>
            <p className="t2">
              One file that NexArt’s own verifier accepts. Input and output are in it in clear; nobody signs
              it.
            </p>
            <Field label="What the file is for">
              {(control) => (
                <Select
                  {...control}
                  name="purpose"
                  options={PURPOSE_OPTIONS}
                  placeholder="Choose one"
                  defaultValue=""
                  required
                />
              )}
            </Field>
            <div className="ex-go">
              <Button type="submit" busy={save.isPending} icon="download">
                Save the record
              </Button>
            </div>
          </form>
        ) : (
          <p className="t2">
            Such a file holds input and output in clear, and a form with hashes alone does not exist: it needs
            the role compliance.
          </p>
        )}
        <LiveRegion>{save.isSuccess ? `${save.data.name} was saved` : ''}</LiveRegion>
        {save.isError && (
          <StateBox kind="failing" title="The record was not saved">
            {save.error.message}
          </StateBox>
        )}
        {save.isSuccess && (
          <dl className="ex-saved">
            <div>
              <dt>Saved</dt>
              <dd className="med">{save.data.name}</dd>
            </div>
            <div>
              <dt>Certificate hash</dt>
              <dd>
                <Id value={save.data.certificateHash} keep={10} copy label="Certificate hash" />
              </dd>
            </div>
          </dl>
        )}
      </div>
    </Panel>
  );
}
