'use client';

import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { type RatePoint, SHOWN_OUTCOMES, type ShownOutcome } from '@/lib/analytics/rate-series';
import { formatDay, formatInterval, formatPercent } from './rate-words';

const WORDS: Record<ShownOutcome, string> = { escalate: 'escalated', refuse: 'refused', defer: 'deferred' };
const DASHES: Partial<Record<ShownOutcome, string>> = { defer: '5 4', refuse: '' };

type Drawn = { day: string; of: number } & {
  [Key in ShownOutcome as `${Key}Rate`]: number | null;
} & { [Key in ShownOutcome as `${Key}Band`]: [number, number] | null };

const PLOT_TOP = 32;
const PLOT_HEIGHT = 232;
const WORD_HEIGHT = 18;

/** Keeps the words at the right edge apart and above the axis, in the order of their values. */
function spread(values: readonly { key: ShownOutcome; y: number }[]): Map<ShownOutcome, number> {
  const fromBelow = [...values].sort((a, b) => b.y - a.y);
  const placed = new Map<ShownOutcome, number>();
  let lowest = PLOT_TOP + PLOT_HEIGHT - WORD_HEIGHT / 3;
  for (const { key, y } of fromBelow) {
    const at = Math.min(y, lowest);
    placed.set(key, at);
    lowest = at - WORD_HEIGHT;
  }
  return placed;
}

/** Shares over time with their 95 % bands and the changes that fell into the window, labelled at the line. */
export function RateChart({
  points,
  changes,
  label,
}: {
  points: readonly RatePoint[];
  changes: readonly { day: string; number: number; words: string }[];
  /** The whole chart in one sentence. */
  label: string;
}) {
  const drawn: Drawn[] = points.map((point) => ({
    day: point.day,
    of: point.of,
    escalateRate: point.of === 0 ? null : point.escalate.rate * 100,
    refuseRate: point.of === 0 ? null : point.refuse.rate * 100,
    deferRate: point.of === 0 ? null : point.defer.rate * 100,
    escalateBand: point.of === 0 ? null : [point.escalate.low * 100, point.escalate.high * 100],
    refuseBand: point.of === 0 ? null : [point.refuse.low * 100, point.refuse.high * 100],
    deferBand: point.of === 0 ? null : [point.defer.low * 100, point.defer.high * 100],
  }));
  const top = Math.max(1, ...drawn.flatMap((point) => SHOWN_OUTCOMES.map((key) => point[`${key}Rate`] ?? 0)));
  const max = niceTop(top * 1.15);
  const last = points.findLast(({ of }) => of > 0);
  const ends = spread(
    last
      ? SHOWN_OUTCOMES.map((key) => ({ key, y: PLOT_TOP + (1 - (last[key].rate * 100) / max) * PLOT_HEIGHT }))
      : [],
  );
  return (
    <div className="ichart" role="img" aria-label={label}>
      <ResponsiveContainer width="100%" height={300}>
        <ComposedChart
          data={drawn}
          margin={{ top: PLOT_TOP, right: 108, bottom: 4, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          <XAxis
            dataKey="day"
            tickFormatter={formatDay}
            tickLine={false}
            axisLine={{ stroke: 'var(--line-strong)' }}
            minTickGap={48}
            tick={{ fill: 'var(--text-3)', fontSize: 11 }}
          />
          <YAxis
            domain={[0, max]}
            // Wide bands of few decisions are cut at the top rather than pressing every line to the floor.
            allowDataOverflow
            width={40}
            tickFormatter={(value: number) => `${value}%`}
            tickLine={false}
            axisLine={false}
            tick={{ fill: 'var(--text-3)', fontSize: 11 }}
            tickCount={5}
          />
          <Tooltip
            content={<Reading points={points} />}
            cursor={{ stroke: 'var(--line-strong)' }}
            isAnimationActive={false}
          />
          {SHOWN_OUTCOMES.map((key) => (
            <Area
              key={key}
              dataKey={`${key}Band`}
              stroke="none"
              fill={`var(--${key})`}
              fillOpacity={0.1}
              isAnimationActive={false}
              activeDot={false}
              tooltipType="none"
            />
          ))}
          {SHOWN_OUTCOMES.map((key) => (
            <Line
              key={key}
              dataKey={`${key}Rate`}
              stroke={`var(--${key})`}
              strokeWidth={1.75}
              strokeDasharray={DASHES[key]}
              dot={false}
              isAnimationActive={false}
              label={(props: { index?: number; x?: number | string; y?: number | string }) => {
                if (!last || props.index !== points.indexOf(last)) return <g />;
                return (
                  <g>
                    <circle cx={props.x} cy={props.y} r={3} fill={`var(--${key})`} />
                    <text
                      x={Number(props.x) + 10}
                      y={(ends.get(key) ?? 0) + 4}
                      style={{ fill: `var(--${key})`, fontSize: 12 }}
                    >
                      {WORDS[key]} {formatPercent(last[key].rate)}
                    </text>
                  </g>
                );
              }}
            />
          ))}
          {markedDays(changes).map((change) => (
            <ReferenceLine
              key={change.day}
              x={change.day}
              stroke="var(--text-3)"
              strokeDasharray="2 3"
              label={{
                value: change.numbers,
                position: 'top',
                fill: 'var(--text-2)',
                fontSize: 11,
                fontWeight: 600,
              }}
            />
          ))}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

/** Changes of one day share a line. */
function markedDays(changes: readonly { day: string; number: number }[]): { day: string; numbers: string }[] {
  const days = new Map<string, number[]>();
  for (const { day, number } of changes) days.set(day, [...(days.get(day) ?? []), number]);
  return [...days].map(([day, numbers]) => ({ day, numbers: numbers.join(', ') }));
}

/** The next of 1, 2, 4, 6, 8, 10, 20, 40 … above a value. */
function niceTop(value: number): number {
  const steps = [1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100];
  return steps.find((step) => step >= value) ?? 100;
}

function Reading({
  active,
  label,
  points,
}: {
  active?: boolean;
  label?: string | number;
  points: readonly RatePoint[];
}) {
  const point = active ? points.find(({ day }) => day === label) : undefined;
  if (!point) return null;
  return (
    <div className="iread">
      <b className="num">{formatDay(point.day)} UTC</b>
      <span className="dim num">n = {point.of.toLocaleString('en')}</span>
      {SHOWN_OUTCOMES.map((key) => (
        <span key={key} className="num">
          {WORDS[key]} {formatPercent(point[key].rate)}{' '}
          <span className="dim">{formatInterval(point[key])}</span>
        </span>
      ))}
    </div>
  );
}
