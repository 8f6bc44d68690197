'use client';

import { useEffect, useRef } from 'react';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Icon } from '@/components/ui/icon';

/** While the device has the word: what it signs, to be read beside what the device itself shows. */
export function DeviceStep({ challenge }: { challenge: string }) {
  const step = useRef<HTMLDivElement>(null);
  // It stands below all that is signed; what is waited for must be in sight.
  // Newer browsers answer with a promise, which would be taken for what undoes the effect.
  useEffect(() => {
    step.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={step} className="device-step" role="status">
      <b>
        <Icon name="passkey" /> Waiting for your device
      </b>
      <p>
        Confirm with your finger, face or PIN. It has two minutes; to stop, cancel there. Nothing is decided
        yet.
      </p>
      <div className="fpbig">
        <Fingerprint digest={challenge} large />
        <span className="lab">
          Statement that the
          <br />
          passkey signs
        </span>
      </div>
      <p className="digest">{challenge}</p>
    </div>
  );
}
