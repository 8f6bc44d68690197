/** Entry of `verify.html`: the desk of `/verify` without a console behind it. */
import '@/lib/client/verification/strict-worker';
// Before the components' own sheets: the first layer named is the weakest.
import './verifier-page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrandMark } from '@/components/frame/brand-mark';
import { VerifyDesk } from '@/components/verification/verify-desk';
import { VerifyFrame } from '@/components/verification/verify-frame';
import { followTheme } from './follow-theme';
import { WORKER_SOURCE } from './worker-source';

followTheme();

function createWorker(): Worker {
  const address = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' }));
  const worker = new Worker(address);
  URL.revokeObjectURL(address);
  return worker;
}

const place = document.getElementById('verifier');
if (place)
  createRoot(place).render(
    <StrictMode>
      <VerifyFrame home="file" brand={<BrandMark />}>
        <VerifyDesk createWorker={createWorker} />
      </VerifyFrame>
    </StrictMode>,
  );
