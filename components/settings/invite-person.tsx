'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { PersonForm } from './person-form';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';

/** Adding somebody, who then signs in with the organisation's own sign-in. */
export function InvitePerson({ oidcName, classes }: { oidcName: string | null; classes: readonly string[] }) {
  const [open, setOpen] = useState(false);
  const { state, send } = useChange(() => setOpen(false));
  return (
    <>
      <Button small icon="plus" onClick={() => setOpen(true)}>
        Add a person
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Add a person"
        description={
          oidcName === null
            ? 'No OpenID Connect sign-in is configured yet, so nobody added here can sign in until OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET are set.'
            : `They sign in with ${oidcName}; the address must be the verified one there.`
        }
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form="invite-person" busy={state.kind === 'sending'}>
              Add
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
        <PersonForm
          id="invite-person"
          person={null}
          classes={classes}
          onEntry={(entry) => void send('POST', '/api/v1/people', entry)}
        />
      </Dialog>
    </>
  );
}
