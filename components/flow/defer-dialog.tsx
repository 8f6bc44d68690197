'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { formatCountdown } from '@/components/ui/format-time';
import { Time } from '@/components/ui/time';
import { useNowMs } from '@/components/ui/time-context';
import type { EscalationRow } from '@/lib/escalations/escalation-view';
import { FlowProblem } from './flow-problem';
import { ANY_ANSWER, useFlowCall } from './use-flow-call';

const MINUTES = [5, 15, 60, 240] as const;

/** Puts it aside for oneself until a time or an answer, with the clock of its expiry in sight; or takes it up again. */
export function DeferDialog({ row, skewMs }: { row: EscalationRow; skewMs: number }) {
  const [open, setOpen] = useState(false);
  const call = useFlowCall(row.id);
  const nowMs = useNowMs() - skewMs;
  const leftMs = Math.max(0, Date.parse(row.expiresAt) - nowMs);
  async function send(until: string | null, onInformation: boolean) {
    if ((await call.send('defer', { until, onInformation }, ANY_ANSWER)) !== null) setOpen(false);
  }
  if (row.deferral != null) {
    return (
      <>
        <Button small kbd="z" data-flow="defer" busy={call.isBusy} onClick={() => void send(null, false)}>
          Take it up again
        </Button>
        <span className="lab">
          put aside{' '}
          {row.deferral.until === null ? (
            'until information arrives'
          ) : (
            <>
              until <Time at={row.deferral.until} precision="clock" />
            </>
          )}
        </span>
        <FlowProblem problem={call.problem} />
      </>
    );
  }
  return (
    <>
      <Button small kbd="z" data-flow="defer" onClick={() => setOpen(true)}>
        Put aside
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Put aside for yourself"
        description={`Others still see it, and it expires in ${formatCountdown(leftMs)} whatever you choose. A claim of yours is given back.`}
        footer={<Button onClick={() => setOpen(false)}>Cancel</Button>}
      >
        <div className="acts">
          {MINUTES.filter((minutes) => minutes * 60_000 < leftMs).map((minutes) => (
            <Button
              key={minutes}
              busy={call.isBusy}
              onClick={() => void send(new Date(nowMs + minutes * 60_000).toISOString(), false)}
            >
              {minutes < 60 ? `${minutes} minutes` : minutes === 60 ? '1 hour' : `${minutes / 60} hours`}
            </Button>
          ))}
          <Button busy={call.isBusy} onClick={() => void send(null, true)}>
            Until information arrives
          </Button>
        </div>
        <FlowProblem problem={call.problem} />
      </Dialog>
    </>
  );
}
