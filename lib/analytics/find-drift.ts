import { NO_SCORE } from '@/lib/producers/score-class';
import type { CountedOutcomes, DriftFinding, GuardrailWindow } from './change-comparison';
import { chiSquaredTest, type TestResult } from './chi-squared';
import { adjustByHolm } from './holm';
import { kolmogorovSmirnov, mannWhitney } from './rank-tests';

/** A comparison is flagged below this, after adjusting for all of its tests. */
export const DRIFT_P = 0.01;

export interface DriftInput {
  outcomes: { before: CountedOutcomes; after: CountedOutcomes };
  guardrails: readonly { name: string; before: GuardrailWindow; after: GuardrailWindow }[];
  /** Active time of each verdict, in milliseconds. */
  dwellMs: { before: readonly number[]; after: readonly number[] };
}

type Untested = Omit<DriftFinding, 'statistic' | 'p' | 'drifted'> & { result: TestResult | null };

/** What two windows can be told apart by, each with its test and how many it rests on; a test that samples do not allow is left out. */
export function findDrift({ outcomes, guardrails, dwellMs }: DriftInput): DriftFinding[] {
  const mix = ({ allow, refuse, escalate, defer }: CountedOutcomes) => [allow, refuse, escalate, defer];
  const asked: Untested[] = [
    {
      measure: 'outcomes',
      test: 'chi-squared',
      n: [outcomes.before.of, outcomes.after.of],
      result: chiSquaredTest(mix(outcomes.before), mix(outcomes.after)),
    },
    ...guardrails.map(scoreTest),
    {
      measure: 'dwell',
      test: 'mann-whitney',
      n: [dwellMs.before.length, dwellMs.after.length],
      result: mannWhitney(dwellMs.before, dwellMs.after),
    },
  ];
  const told = asked.flatMap(({ result, ...rest }) => (result ? [{ ...rest, result }] : []));
  const adjusted = adjustByHolm(told.map(({ result }) => result.p));
  return told.map(({ result, ...rest }, at) => {
    const p = adjusted[at] ?? 1;
    return { ...rest, statistic: result.statistic, p, drifted: p < DRIFT_P };
  });
}

function scoreTest({ name, before, after }: DriftInput['guardrails'][number]): Untested {
  const all = [...new Set([...before.classes, ...after.classes].map(({ scoreClass }) => scoreClass))]
    .filter((scoreClass) => scoreClass !== NO_SCORE)
    .sort((a, b) => a - b);
  const counts = ({ classes }: GuardrailWindow) =>
    all.map((wanted) => classes.reduce((sum, { scoreClass, n }) => sum + (scoreClass === wanted ? n : 0), 0));
  const [left, right] = [counts(before), counts(after)];
  const sum = (values: readonly number[]) => values.reduce((total, n) => total + n, 0);
  return {
    measure: `scores:${name}`,
    test: 'kolmogorov-smirnov',
    n: [sum(left), sum(right)],
    result: kolmogorovSmirnov(left, right),
  };
}
