'use client';

import { BrandMark } from '@/components/frame/brand-mark';
import { ThemeToggle } from '@/components/frame/theme-toggle';
import { VerifyDesk } from '@/components/verification/verify-desk';
import { VerifyFrame } from '@/components/verification/verify-frame';
import { createArtefactWorker } from '@/lib/client/verification/create-artefact-worker';

/** The desk as this console serves it. */
export function VerifyScreen() {
  return (
    <VerifyFrame home="console" brand={<BrandMark />} end={<ThemeToggle />}>
      <VerifyDesk createWorker={createArtefactWorker} />
    </VerifyFrame>
  );
}
