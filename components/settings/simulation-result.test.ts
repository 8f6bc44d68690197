import { expect, test } from 'vitest';
import type { OutcomeVerdict } from '@/lib/decisions/record-payload';
import { simulationSentence } from './simulation-result';

const moved = (from: OutcomeVerdict, to: OutcomeVerdict, n: number) => ({
  from,
  to,
  n,
  rules: [],
  people: { approved: 0, denied: 0, expired: 0, other: 0 },
  examples: [],
});

test.each([
  [[], 'Each of 1,204 decisions would have ended as it did.'],
  [
    [moved('allow', 'escalate', 41)],
    'Of 1,204 decisions this policy would have had 41 more escalated, 41 fewer allowed.',
  ],
  [
    [moved('allow', 'escalate', 5), moved('escalate', 'allow', 5)],
    'Of 1,204 decisions as many would have ended each way, but not the same ones.',
  ],
])('%j', (list, sentence) => {
  expect(simulationSentence({ moved: list, evaluated: 1_204 })).toBe(sentence);
});
