'use client';

import { useState } from 'react';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { IntegrityView } from '@/lib/evidence/integrity-view';

/** The latest checkpoints as a strip, one cell each; the chosen one in words. Left and right walk along it. */
export function CheckpointStrip({ view }: { view: IntegrityView }) {
  const { checkpoints } = view;
  const [chosen, setChosen] = useState<number | null>(null);
  const shown = checkpoints.find(({ size }) => size === chosen) ?? checkpoints.at(-1);
  const index = shown ? checkpoints.indexOf(shown) : -1;
  if (!shown) return null;
  const added = index > 0 ? shown.size - (checkpoints[index - 1]?.size ?? 0) : shown.size;
  return (
    <Panel
      title="Checkpoints"
      note={`the latest ${checkpoints.length}`}
      end={<span className="lab">filled: a VALID receipt over it</span>}
    >
      <div
        className="cstrip"
        role="slider"
        tabIndex={0}
        aria-label="Checkpoint"
        aria-valuemin={0}
        aria-valuemax={checkpoints.length - 1}
        aria-valuenow={index}
        aria-valuetext={`size ${shown.size}, ${receiptWords(shown.receipts)}`}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
          const next = checkpoints[index + by];
          if (by === 0 || !next) return;
          event.preventDefault();
          setChosen(next.size);
        }}
      >
        {checkpoints.map(({ size, receipts }) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the strip itself is the control
          // biome-ignore lint/a11y/useKeyWithClickEvents: the strip listens to keys
          <i
            key={size}
            className={`${receipts > 0 ? 'on' : ''}${size === shown.size ? ' sel' : ''}`}
            onClick={() => setChosen(size)}
          />
        ))}
      </div>
      <p className="cwords">
        <span className="num">
          size <b>{shown.size.toLocaleString('en')}</b>
          {index > 0 && `, ${added.toLocaleString('en')} more than the one before`}
        </span>
        <Time at={shown.at} />
        <span>
          root <Fingerprint digest={shown.root} /> <Id value={`sha-256:${shown.root}`} copy label="root" />
        </span>
        <span className={shown.receipts > 0 ? '' : 'dim'}>
          {shown.receipts > 0 ? receiptWords(shown.receipts) : 'no witness has stamped it'}
        </span>
      </p>
    </Panel>
  );
}

function receiptWords(n: number): string {
  return n === 1 ? '1 VALID receipt' : `${n} VALID receipts`;
}
