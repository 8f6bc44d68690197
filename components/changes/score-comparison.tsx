import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import type { ChangeComparison, GuardrailWindow } from '@/lib/analytics/change-comparison';
import { boundsOfClass, NO_SCORE } from '@/lib/producers/score-class';
import { formatPercent } from '../insights/rate-words';

const WIDTH = 320;
const HALF = 44;

/** How guardrails scored before (above the line) and after (below it), on one scale, with the thresholds that decisions named. */
export function ScoreComparison({ view }: { view: ChangeComparison }) {
  return (
    <Panel
      title="Guardrail scores"
      note={view.guardrails.length === 0 ? undefined : 'before above the line, after below it'}
    >
      {view.guardrails.length === 0 ? (
        <p className="t2">No decision in these windows names a guardrail.</p>
      ) : (
        <ul className="cscores">
          {view.guardrails.map((guardrail) => (
            <li key={guardrail.name}>
              <Distribution {...guardrail} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

type Guardrail = ChangeComparison['guardrails'][number];

const totalOf = ({ verdicts }: GuardrailWindow) => verdicts.pass + verdicts.fail + verdicts.error;
const scoresOf = ({ classes }: GuardrailWindow) =>
  classes.filter(({ scoreClass }) => scoreClass !== NO_SCORE);

/** The score that half of all scores do not pass, as the class it lies in. */
function medianWords(window: GuardrailWindow): string {
  const scores = scoresOf(window);
  const total = scores.reduce((sum, { n }) => sum + n, 0);
  let passed = 0;
  const middle = scores.find(({ n }) => {
    passed += n;
    return passed * 2 >= total;
  });
  const bounds = middle && boundsOfClass(middle.scoreClass);
  return bounds ? `median ${bounds.low} to ${bounds.high}` : 'no score';
}

function sideWords(window: GuardrailWindow): string {
  const total = totalOf(window);
  const failed = window.verdicts.fail;
  const error = window.verdicts.error;
  const share = total === 0 ? '' : `, ${formatPercent(failed / total)} failed`;
  return `n = ${total.toLocaleString('en')}${share}${error > 0 ? `, ${error} errors` : ''}; ${medianWords(window)}`;
}

function Distribution({ name, before, after }: Guardrail) {
  const classes = [...new Set([...scoresOf(before), ...scoresOf(after)].map(({ scoreClass }) => scoreClass))];
  const low = Math.min(0, ...classes);
  const high = Math.max(19, ...classes);
  const step = WIDTH / (high - low + 1);
  const shareOf = (window: GuardrailWindow, wanted: number) => {
    const total = scoresOf(window).reduce((sum, { n }) => sum + n, 0);
    const n = scoresOf(window).find(({ scoreClass }) => scoreClass === wanted)?.n ?? 0;
    return total === 0 ? 0 : n / total;
  };
  const most = Math.max(0.001, ...classes.flatMap((each) => [shareOf(before, each), shareOf(after, each)]));
  const thresholds = [...new Set([...before.thresholds, ...after.thresholds])].filter((text) => text !== '');
  const words = `before: ${sideWords(before)}. After: ${sideWords(after)}.`;
  return (
    <figure className="fig">
      <figcaption>
        <b>
          <MarkedText text={name} />
        </b>
        {thresholds.length > 0 && (
          <span className="lab">
            {' '}
            threshold {before.thresholds.filter(Boolean).join(', ') || 'none'}
            {before.thresholds.join() !== after.thresholds.join() &&
              ` before, ${after.thresholds.filter(Boolean).join(', ') || 'none'} after`}
          </span>
        )}
      </figcaption>
      {classes.length > 0 && (
        <svg
          viewBox={`0 0 ${WIDTH} ${2 * HALF + 14}`}
          width="100%"
          role="img"
          aria-label={`Scores of ${name}, ${words}`}
        >
          {classes.map((each) => {
            const x = (each - low) * step + 0.5;
            const up = (shareOf(before, each) / most) * HALF;
            const down = (shareOf(after, each) / most) * HALF;
            return (
              <g key={each}>
                <rect x={x} y={HALF - up} width={Math.max(1, step - 1)} height={up} fill="var(--n-400)" />
                <rect x={x} y={HALF + 1} width={Math.max(1, step - 1)} height={down} fill="var(--accent)" />
              </g>
            );
          })}
          <line x1="0" x2={WIDTH} y1={HALF + 0.5} y2={HALF + 0.5} stroke="var(--line-strong)" />
          {thresholds.map((text) => {
            const value = Number(text);
            if (!(value >= 0 && value <= 1)) return null;
            const x = (value * 20 - low) * step;
            const [from, to] = [
              before.thresholds.includes(text) ? 0 : HALF,
              after.thresholds.includes(text) ? 2 * HALF : HALF,
            ];
            return (
              <line key={text} x1={x} x2={x} y1={from} y2={to} stroke="var(--text)" strokeDasharray="3 2" />
            );
          })}
          <text x="0" y={2 * HALF + 12} className="ctick">
            {boundsOfClass(low)?.low}
          </text>
          <text x={WIDTH} y={2 * HALF + 12} textAnchor="end" className="ctick">
            {boundsOfClass(high)?.high}
          </text>
        </svg>
      )}
      <p className="lab num">
        before {sideWords(before)}
        <br />
        after {sideWords(after)}
      </p>
    </figure>
  );
}
