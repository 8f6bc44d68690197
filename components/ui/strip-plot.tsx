import { median, placeDots, planScale, type Scale } from './place-dots';

const WIDTH = 300;
const COLUMNS = 50;
const BASE = 78;

/**
 * Past values as stacked dots, their median dashed, this value in violet.
 * `format` writes a value with its unit. `subject` names what the values are ("its last 100 payments"); the whole
 * picture is also told in words, with n.
 */
export function StripPlot({
  values,
  current,
  subject,
  format,
  scale = 'log',
}: {
  values: readonly number[];
  current: number;
  subject: string;
  format: (value: number) => string;
  scale?: Scale;
}) {
  const middle = median(values);
  const plan = planScale([...values, current], scale);
  if (plan === null || middle === null || !Number.isFinite(current)) {
    return <p className="lab">No earlier values to compare with.</p>;
  }
  const x = (value: number) => 8 + plan.place(value) * (WIDTH - 16);
  const dots = placeDots(values, plan.place, COLUMNS);
  const step = Math.min(5, (BASE - 32) / Math.max(1, ...dots.map((dot) => dot.level + 1)));
  const hotX = x(current);
  const middleX = x(middle);
  const above = values.filter((value) => value <= current).length;
  return (
    <figure className="fig">
      <svg
        className="strip"
        viewBox={`0 0 ${WIDTH} 96`}
        width={WIDTH}
        role="img"
        aria-label={`${format(current)} against ${subject}: median ${format(middle)}, lowest ${format(plan.low)}, highest ${format(plan.high)}; ${above} of ${values.length} are not above it`}
      >
        <line x1="8" x2={WIDTH - 8} y1={BASE + 3} y2={BASE + 3} stroke="var(--line-strong)" />
        {dots.map((dot) => (
          <circle
            key={`${dot.x}/${dot.level}`}
            cx={8 + dot.x * (WIDTH - 16)}
            cy={BASE - dot.level * step}
            r={Math.min(1.9, step / 2.3)}
            fill="var(--dot)"
          />
        ))}
        <line x1={middleX} x2={middleX} y1="14" y2={BASE + 3} stroke="var(--text-3)" strokeDasharray="2 2" />
        <text x={middleX} y="10" textAnchor={anchor(middleX)}>
          median {format(middle)}
        </text>
        <line x1={hotX} x2={hotX} y1="28" y2={BASE + 3} stroke="var(--escalate)" strokeWidth="1.5" />
        <path d={`M${hotX - 4} 26h8l-4 6z`} fill="var(--escalate)" />
        <text x={hotX} y="22" className="hot" textAnchor={anchor(hotX)}>
          this one
        </text>
        <text x="8" y="94" textAnchor="start">
          {format(plan.low)}
        </text>
        <text x={WIDTH - 8} y="94" textAnchor="end">
          {format(plan.high)}
        </text>
      </svg>
      <figcaption className="lab">
        {subject}, {plan.scale} scale, n = {values.length}
      </figcaption>
    </figure>
  );
}

function anchor(x: number): 'start' | 'middle' | 'end' {
  if (x < 60) return 'start';
  return x > WIDTH - 60 ? 'end' : 'middle';
}
