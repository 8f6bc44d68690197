'use client';

import { formatCountdown } from './format-time';
import { useNowMs } from './time-context';

const SOON_MS = 3 * 60_000;

/**
 * Time until `untilMs` as a countdown over a bar that shrinks from `fromMs`; heavier under three minutes.
 * No colour and no blinking. `inline` leaves the bar out. After the end it says so.
 */
export function TimeLeft({
  fromMs,
  untilMs,
  inline = false,
}: {
  fromMs: number;
  untilMs: number;
  inline?: boolean;
}) {
  const nowMs = useNowMs();
  const leftMs = untilMs - nowMs;
  if (leftMs <= 0) return <span className="left dim">expired</span>;
  const share = untilMs > fromMs ? Math.min(1, leftMs / (untilMs - fromMs)) : 0;
  const text = (
    <span
      className={leftMs < SOON_MS ? 'left soon' : 'left'}
      role="timer"
      aria-label={`${formatCountdown(leftMs)} left`}
    >
      {formatCountdown(leftMs)}
    </span>
  );
  if (inline) return text;
  return (
    <span className="left-box">
      {text}
      <span className="bar-t" aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </span>
    </span>
  );
}
