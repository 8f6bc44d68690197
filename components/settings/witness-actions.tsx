'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { WitnessView } from '@/lib/evidence/witness-view';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';
import { WitnessEntryForm } from './witness-entry';
import { formOf } from './witness-fields';

type Asking = 'nothing' | 'edit' | 'disable';

/** Changing a witness, or asking it no more. */
export function WitnessActions({ witness }: { witness: WitnessView }) {
  const [asking, setAsking] = useState<Asking>('nothing');
  const close = () => setAsking('nothing');
  const { state, send } = useChange(close);
  const { name } = witness;
  const form = formOf(witness.type, witness.settings);
  const busy = state.kind === 'sending';
  const change = (body: object) => void send('PUT', '/api/v1/settings/witnesses', { name, ...body });
  return (
    <div className="acts">
      {form && (
        <Button small onClick={() => setAsking('edit')} aria-label={`Edit ${name}`}>
          Edit
        </Button>
      )}
      {witness.enabled ? (
        <Button small onClick={() => setAsking('disable')} aria-label={`Disable ${name}`}>
          Disable
        </Button>
      ) : (
        <Button small busy={busy} onClick={() => change({ enabled: true })} aria-label={`Enable ${name}`}>
          Enable
        </Button>
      )}
      {asking === 'nothing' && <ProblemLine state={state} />}
      <Dialog
        open={asking === 'edit' && form !== undefined}
        onClose={close}
        title={`Change ${name}`}
        description="What waits is tried again at once. Secrets that you leave empty stay as they are."
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" type="submit" form={`edit-witness-${name}`} busy={busy}>
              Save
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
        {form && (
          <WitnessEntryForm
            id={`edit-witness-${name}`}
            form={form}
            witness={witness}
            onEntry={({ everySeconds, settings, allowPrivate }) =>
              change({ everySeconds, settings, allowPrivate })
            }
          />
        )}
      </Dialog>
      <Dialog
        open={asking === 'disable'}
        onClose={close}
        title={`Disable ${name}?`}
        description="It is not asked any more, and the log soon counts as seen by one witness fewer. Its receipts stay and stay valid."
        footer={
          <>
            <Button onClick={close}>Keep it</Button>
            <Button variant="primary" busy={busy} onClick={() => change({ enabled: false })}>
              Disable
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
      </Dialog>
    </div>
  );
}
