'use client';

import { useState } from 'react';
import * as z from 'zod/mini';
import { Button } from '@/components/ui/button';
import { useRequest } from '@/lib/client/use-request';

const recovery = z.object({ haltedCode: z.string(), size: z.number(), checkpoints: z.number() });

/** Has the console recompute a halted log: it runs again only if everything it signed fits. */
export function RecoverLog() {
  const { busy, problem, send } = useRequest();
  const [done, setDone] = useState<z.infer<typeof recovery> | null>(null);
  return (
    <span className="cdo">
      <Button
        small
        busy={busy}
        onClick={() => void send('/api/v1/integrity/log/recover', recovery).then(setDone)}
      >
        Recompute it, and start again if all fits
      </Button>
      <span role="status">
        {busy && 'Recomputing every entry and every signed size…'}
        {done &&
          `${done.size.toLocaleString('en')} entries and ${done.checkpoints.toLocaleString('en')} checkpoints fit; the log runs again.`}
      </span>
      {problem !== null && (
        <span className="err" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}
