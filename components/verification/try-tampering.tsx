'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import type { TamperSubject } from '@/lib/client/verification/tamper-protocol';
import './tamper-drill.css';

const TamperDrill = dynamic(() => import('./tamper-drill').then((module) => module.TamperDrill), {
  ssr: false,
  loading: () => <Skeleton lines={4} label="Opening the drill" />,
});

/** The way into the drill: nothing is read or loaded before somebody wants to try. `choice` stands beside the button. */
export function TryTampering({ subject, choice }: { subject: TamperSubject | null; choice?: ReactNode }) {
  const [open, setOpen] = useState(false);
  if (open && subject)
    return (
      <>
        {choice !== undefined && <div className="topen">{choice}</div>}
        <TamperDrill subject={subject} />
      </>
    );
  return (
    <div className="topen">
      <Button small icon="flag" locked={subject === null} onClick={() => setOpen(true)}>
        Try tampering
      </Button>
      <span className="t2">Change one bit of a copy here, and see which check notices.</span>
    </div>
  );
}
