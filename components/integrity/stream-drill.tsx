'use client';

import { useMemo, useState } from 'react';
import { Select } from '@/components/ui/select';
import { TryTampering } from '@/components/verification/try-tampering';
import type { TamperSubject } from '@/lib/client/verification/tamper-protocol';
import type { IntegrityView } from '@/lib/evidence/integrity-view';

/** The drill over the end of one stream and its place in the log. */
export function StreamDrill({ view }: { view: IntegrityView }) {
  const covered = view.streams.filter(({ integrated }) => integrated > 0);
  const [chosen, setChosen] = useState('');
  const stream = covered.find((one) => one.stream === chosen) ?? covered[0];
  const name = stream?.stream;
  // The account is read again every few seconds; the copy that is being tried stays the one that was taken.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const subject = useMemo<TamperSubject | null>(
    () => (stream ? { kind: 'stream', stream, log: { origin: view.log.origin, vkey: view.log.vkey } } : null),
    [name],
  );
  return (
    <TryTampering
      subject={subject}
      choice={
        <>
          <label htmlFor="drill-stream" className="t2">
            Stream
          </label>
          <Select
            compact
            id="drill-stream"
            value={name}
            options={covered.map((one) => ({ value: one.stream, label: one.stream }))}
            onChange={(event) => setChosen(event.target.value)}
          />
        </>
      }
    />
  );
}
