'use client';

import { type PointerEvent, useRef, useState } from 'react';
import { formatInstant } from '@/components/ui/format-time';
import { useZone } from '@/components/ui/time-context';
import type { HistogramBucket } from '@/lib/decisions/decision-view';

const HEIGHT = 56;
const STACK = ['allow', 'refuse', 'escalate', 'defer'] as const;

const sum = (bucket: HistogramBucket) => bucket.allow + bucket.refuse + bucket.escalate + bucket.defer;

/** When the matches happened. Dragging over it narrows the search to that time; days can be chosen below it as well. */
export function SearchHistogram({
  buckets,
  basis,
  onBrush,
}: {
  buckets: readonly HistogramBucket[];
  /** Which matches these are, where they are not all. */
  basis: string | null;
  onBrush: (fromIso: string, toIso: string) => void;
}) {
  const zone = useZone();
  const box = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const max = Math.max(1, ...buckets.map(sum));
  const first = buckets[0];
  const last = buckets.at(-1);
  if (!first || !last) return null;

  function indexAt(event: PointerEvent): number {
    const bounds = box.current?.getBoundingClientRect();
    if (!bounds || bounds.width === 0) return 0;
    const share = (event.clientX - bounds.left) / bounds.width;
    return Math.min(buckets.length - 1, Math.max(0, Math.floor(share * buckets.length)));
  }

  function finish() {
    if (!drag) return;
    setDrag(null);
    const from = buckets[Math.min(drag.from, drag.to)];
    const to = buckets[Math.max(drag.from, drag.to)];
    if (from && to) onBrush(from.from, to.to);
  }

  const total = buckets.reduce((n, bucket) => n + sum(bucket), 0);
  const widthMs = Date.parse(first.to) - Date.parse(first.from);
  const each = widthMs === 3_600_000 ? 'an hour' : widthMs === 86_400_000 ? 'a day, UTC' : 'a week, UTC';
  const label = `${total.toLocaleString('en')} decisions${basis === null ? '' : ` (${basis})`} from ${formatInstant(Date.parse(first.from), zone, 'minute')} to ${formatInstant(Date.parse(last.to), zone, 'minute')}, at most ${max.toLocaleString('en')} in ${each}`;
  return (
    <figure className="histo">
      <svg
        ref={box}
        viewBox={`0 0 ${buckets.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        height={HEIGHT}
        role="img"
        aria-label={label}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const at = indexAt(event);
          setDrag({ from: at, to: at });
        }}
        onPointerMove={(event) => drag && setDrag({ ...drag, to: indexAt(event) })}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(null)}
      >
        {drag && (
          <rect
            className="brush"
            x={Math.min(drag.from, drag.to)}
            width={Math.abs(drag.to - drag.from) + 1}
            y={0}
            height={HEIGHT}
          />
        )}
        {buckets.map((bucket, at) => {
          let top = HEIGHT;
          return (
            <g key={bucket.from}>
              {STACK.map((verdict) => {
                const height = (bucket[verdict] / max) * (HEIGHT - 4);
                top -= height;
                return height === 0 ? null : (
                  <rect key={verdict} className={verdict} x={at + 0.1} width={0.8} y={top} height={height} />
                );
              })}
              <title>{`${formatInstant(Date.parse(bucket.from), zone, 'minute')}: ${sum(bucket).toLocaleString('en')}`}</title>
              <rect className="hit" x={at} width={1} y={0} height={HEIGHT} />
            </g>
          );
        })}
      </svg>
      <figcaption className="lab">
        <span>{formatInstant(Date.parse(first.from), zone, 'date')}</span>
        <span>
          {basis === null ? '' : `${basis}; `}one bar is {each}; highest {max.toLocaleString('en')}; drag to
          narrow
        </span>
        <span>{formatInstant(Date.parse(last.to) - 1, zone, 'date')}</span>
      </figcaption>
    </figure>
  );
}
