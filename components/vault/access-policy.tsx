'use client';

import { useState } from 'react';
import * as z from 'zod/mini';
import { Button } from '@/components/ui/button';
import { useRequest } from '@/lib/client/use-request';
import type { VaultOverview } from '@/lib/retention/vault-overview';
import { FormDialog } from './form-dialog';

const wordsOf = (needs: boolean) => (needs ? 'needs a second person' : 'is done alone');

/** Which looks need a second person; data protection sets it. */
export function AccessPolicy({ current, maySet }: { current: VaultOverview['policy']; maySet: boolean }) {
  const [open, setOpen] = useState(false);
  const { busy, problem, send } = useRequest();
  const { policy, version } = current;
  async function set(form: FormData) {
    const body = {
      policy: { findNeedsSecond: form.has('find'), revealNeedsSecond: form.has('reveal') },
      baseVersion: version,
    };
    if ((await send('/api/v1/vault/policy', z.unknown(), { method: 'PUT', body })) !== null) setOpen(false);
  }
  return (
    <p className="t2 vpolicy">
      Finding a token {wordsOf(policy.findNeedsSecond)}; showing an identifier{' '}
      {wordsOf(policy.revealNeedsSecond)}.{' '}
      {maySet && (
        <Button small onClick={() => setOpen(true)}>
          Change this
        </Button>
      )}
      {open && (
        <FormDialog
          title="Looks that need a second person"
          description="Releasing a hold, erasing, and an auditor’s reading of contents always need one. The change becomes a signed record."
          submit="Put in force"
          busy={busy}
          problem={problem}
          onClose={() => setOpen(false)}
          onSubmit={(form) => void set(form)}
        >
          <label className="vcheck">
            <input type="checkbox" name="find" defaultChecked={policy.findNeedsSecond} /> Finding the token of
            an identifier
          </label>
          <label className="vcheck">
            <input type="checkbox" name="reveal" defaultChecked={policy.revealNeedsSecond} /> Showing the
            identifier behind a token
          </label>
        </FormDialog>
      )}
    </p>
  );
}
