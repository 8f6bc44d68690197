import { expect, test } from 'vitest';
import { NO_SCORE } from '@/lib/producers/score-class';
import { findDrift } from './find-drift';

const outcomes = (allow: number, refuse: number) => ({
  allow,
  refuse,
  escalate: 0,
  defer: 0,
  of: allow + refuse,
});
const scores = (...counts: number[]) => ({
  classes: [{ scoreClass: NO_SCORE, n: 500 }, ...counts.map((n, scoreClass) => ({ scoreClass, n }))],
  verdicts: { pass: 0, fail: 0, error: 0 },
  thresholds: [],
});

test('flags what moved, with its test and the samples behind it, and leaves alone what did not', () => {
  const steady = Array.from({ length: 60 }, (_, i) => 30_000 + (i % 10) * 1_000);
  const found = findDrift({
    outcomes: { before: outcomes(900, 100), after: outcomes(800, 200) },
    guardrails: [
      { name: 'moved', before: scores(200, 20), after: scores(120, 100) },
      { name: 'still', before: scores(100, 100), after: scores(100, 100) },
      { name: 'rare', before: scores(5, 5), after: scores(5, 5) },
    ],
    dwellMs: { before: steady, after: steady },
  });
  expect(found.map(({ measure, test, n, drifted }) => [measure, test, n, drifted])).toEqual([
    ['outcomes', 'chi-squared', [1_000, 1_000], true],
    ['scores:moved', 'kolmogorov-smirnov', [220, 220], true],
    ['scores:still', 'kolmogorov-smirnov', [200, 200], false],
    ['dwell', 'mann-whitney', [60, 60], false],
  ]);
});

test('of empty windows nothing is said', () => {
  expect(
    findDrift({
      outcomes: { before: outcomes(0, 0), after: outcomes(5, 0) },
      guardrails: [],
      dwellMs: { before: [], after: [] },
    }),
  ).toEqual([]);
});
