import type { InsightsSplit } from '@/lib/analytics/insights-split';
import { rateSeries, type ShownOutcome } from '@/lib/analytics/rate-series';
import { formatPercent } from './rate-words';

const WIDTH = 240;
const HEIGHT = 56;

/** One small line with its 95 % band, on the scale that all of its neighbours share; changes are marked. */
export function RateSpark({
  value,
  outcome,
  windowDays,
  top,
  changeDays,
}: {
  value: InsightsSplit['values'][number];
  outcome: ShownOutcome;
  windowDays: number;
  /** The share at the upper edge. */
  top: number;
  changeDays: readonly string[];
}) {
  const points = rateSeries(value.days, windowDays);
  const x = (at: number) => (points.length < 2 ? 0 : (at / (points.length - 1)) * WIDTH);
  const y = (share: number) => HEIGHT - Math.min(1, share / top) * HEIGHT;
  const known = points.map((point, at) => ({ at, ...point[outcome] })).filter(({ of }) => of > 0);
  const line = known.map(({ at, rate }) => `${x(at).toFixed(1)},${y(rate).toFixed(1)}`).join(' ');
  const band = [
    ...known.map(({ at, high }) => `${x(at).toFixed(1)},${y(high).toFixed(1)}`),
    ...[...known].reverse().map(({ at, low }) => `${x(at).toFixed(1)},${y(low).toFixed(1)}`),
  ].join(' ');
  const last = known.at(-1);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width="100%"
      height={HEIGHT}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${value.label}: ${last ? `${formatPercent(last.rate)} at the end` : 'no decision'}, scale to ${formatPercent(top)}`}
    >
      <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--line-strong)" />
      {changeDays.map((day) => {
        const at = points.findIndex((point) => point.day === day);
        return at < 0 ? null : (
          <line
            key={day}
            x1={x(at)}
            x2={x(at)}
            y1="0"
            y2={HEIGHT}
            stroke="var(--text-3)"
            strokeDasharray="2 3"
          />
        );
      })}
      {known.length > 0 && <polygon points={band} fill={`var(--${outcome})`} opacity="0.14" />}
      <polyline
        points={line}
        fill="none"
        stroke={`var(--${outcome})`}
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
