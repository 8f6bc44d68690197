'use client';

import { formatInstant, formatRelative, UTC } from './format-time';
import { useNowMs, useZone } from './time-context';

/** An instant given as milliseconds since 1970 or as RFC 3339. */
export type Instant = number | string;

function toMs(at: Instant): number {
  return typeof at === 'number' ? at : Date.parse(at);
}

function toIso(ms: number): string | undefined {
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : undefined;
}

/** How long ago, moving; the absolute time with its zone, and UTC, on hover. For lists. */
export function RelativeTime({ at }: { at: Instant }) {
  const zone = useZone();
  const nowMs = useNowMs();
  const ms = toMs(at);
  const absolute = formatInstant(ms, zone, 'milli');
  return (
    <time
      dateTime={toIso(ms)}
      title={zone.id === UTC.id ? absolute : `${absolute} · ${formatInstant(ms, UTC, 'milli')}`}
    >
      {formatRelative(ms, nowMs, zone)}
    </time>
  );
}

/** The absolute time with its zone; UTC on hover. For evidence. Milliseconds only where a decision is dated. */
export function Time({
  at,
  precision = 'second',
}: {
  at: Instant;
  precision?: 'date' | 'clock' | 'minute' | 'second' | 'milli';
}) {
  const zone = useZone();
  const ms = toMs(at);
  return (
    <time className="num" dateTime={toIso(ms)} title={formatInstant(ms, UTC, 'milli')}>
      {formatInstant(ms, zone, precision)}
    </time>
  );
}
