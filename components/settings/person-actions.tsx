'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { PersonView } from '@/lib/identity/person-requests';
import { PersonForm } from './person-form';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';

type Asking = 'nothing' | 'change' | 'remove';

/** Changing what a member may do, or taking them out. */
export function PersonActions({ person, classes }: { person: PersonView; classes: readonly string[] }) {
  const [asking, setAsking] = useState<Asking>('nothing');
  const close = () => setAsking('nothing');
  const { state, send } = useChange(close);
  const path = `/api/v1/people/${encodeURIComponent(person.id)}/authority`;
  const busy = state.kind === 'sending';
  return (
    <>
      <Button small onClick={() => setAsking('change')} aria-label={`Change ${person.name}`}>
        Change
      </Button>
      <Button small onClick={() => setAsking('remove')} aria-label={`Remove ${person.name}`}>
        Remove
      </Button>
      <Dialog
        open={asking === 'change'}
        onClose={close}
        title={`What ${person.name} may do`}
        description="It counts from their next request on."
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" type="submit" form={`person-${person.id}`} busy={busy}>
              Save
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
        <PersonForm
          id={`person-${person.id}`}
          person={person}
          classes={classes}
          onEntry={({ roles, authority }) => void send('PUT', path, { roles, authority })}
        />
      </Dialog>
      <Dialog
        open={asking === 'remove'}
        onClose={close}
        title={`Remove ${person.name}?`}
        description="They lose every role and limit here at once. What they decided stays on record under their id."
        footer={
          <>
            <Button onClick={close}>Keep them</Button>
            <Button variant="danger" busy={busy} onClick={() => void send('DELETE', path)}>
              Remove
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
      </Dialog>
    </>
  );
}
