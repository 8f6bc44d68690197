'use client';

import { useState } from 'react';
import * as z from 'zod/mini';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { Time } from '@/components/ui/time';
import { fetchJson, RequestError } from '@/lib/client/fetch-json';
import { routes } from '@/lib/client/routes';
import type { PasskeyView } from '@/lib/identity/passkey-requests';
import { PasskeyList } from './passkey-list';

type Link = { secret: string; expiresAt: string };

/** An administrator's view of somebody's passkeys: revoke after a loss, and a one-time link to begin again. */
export function PersonPasskeys({
  person,
  passkeys,
}: {
  person: { id: string; name: string };
  passkeys: readonly PasskeyView[];
}) {
  const [open, setOpen] = useState(false);
  const [link, setLink] = useState<Link | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const path = `/api/v1/people/${encodeURIComponent(person.id)}/passkeys`;

  async function issue() {
    setProblem(null);
    try {
      const schema = z.object({ secret: z.string(), expiresAt: z.string() });
      setLink(await fetchJson(`${path}/link`, schema, { method: 'POST' }));
    } catch (error) {
      setProblem(error instanceof RequestError ? error.message : 'The console did not answer. Try again.');
    }
  }

  function close() {
    setOpen(false);
    setLink(null);
  }

  const address = link === null ? '' : `${globalThis.location?.origin}${routes.passkeys()}#${link.secret}`;
  const held = `${passkeys.length} ${passkeys.length === 1 ? 'passkey' : 'passkeys'}`;
  return (
    <>
      <Button small onClick={() => setOpen(true)} aria-label={`${held} of ${person.name}`}>
        {held}
      </Button>
      <Dialog
        open={open}
        onClose={close}
        size="wide"
        title={`Passkeys of ${person.name}`}
        description="Ending one, and giving a link, are records in the log."
        footer={<Button onClick={close}>Close</Button>}
      >
        <div className="settings-form">
          {passkeys.length === 0 ? (
            <p>No passkey is in use.</p>
          ) : (
            <PasskeyList passkeys={passkeys} path={`${path}/retire`} />
          )}
          <h3>All devices lost?</h3>
          <p>
            Make sure who asks, then give them a one-time link in person. It works once, for an hour, and only
            when they are signed in as themselves.
          </p>
          {link === null ? (
            <div>
              <Button onClick={() => void issue()}>Make a one-time link</Button>
            </div>
          ) : (
            <p className="digest">
              {address} <CopyButton text={address} label="Copy the one-time link" />
              <br />
              until <Time at={link.expiresAt} precision="clock" />; shown only now
            </p>
          )}
          {problem !== null && (
            <p className="err" role="alert">
              {problem}
            </p>
          )}
        </div>
      </Dialog>
    </>
  );
}
