import { describe, expect, it } from 'vitest';
import type { Evidence } from '@/lib/escalations/escalation-view';
import { attentionRules } from '@/lib/policy/attention-rules';
import { measureEvidence } from './evidence-amount';
import { minimumActive } from './minimum-active';

const attention = attentionRules.parse({
  reading: { perThousandCharactersMs: 4_000, perItemMs: 1_000, atMostMs: 30_000 },
});
const review = { minimumActiveMs: { bounded: 8_000 }, attention };

describe('minimumActive', () => {
  it.each([
    ['nothing but the tier', 0, 0, 8_000],
    ['two thousand characters', 2_000, 0, 16_000],
    ['three items', 0, 3, 11_000],
    ['both', 2_000, 3, 19_000],
    ['a long attachment, bounded', 900_000, 64, 38_000],
  ])('%s', (_, characters, items, totalMs) =>
    expect(minimumActive(review, 'bounded', { characters, items }).totalMs).toBe(totalMs),
  );

  it('without rules for reading is the tier’s own minimum', () => {
    const amount = { characters: 1_000_000, items: 64 };
    expect(minimumActive({ minimumActiveMs: { bounded: 8_000 } }, 'bounded', amount).totalMs).toBe(8_000);
    expect(minimumActive({ minimumActiveMs: {} }, 'unbounded', amount).totalMs).toBe(0);
  });
});

describe('measureEvidence', () => {
  const evidence: Evidence = {
    agentSaid: 'four',
    retrieved: [
      { id: 'a', text: '12345', mediaType: 'text/plain' },
      { id: 'b', mediaType: 'text/plain' },
    ],
    guardrails: [{ name: 'g', version: '1', verdict: 'pass' }],
  };
  it('counts the action, what the agent said, texts and items', () => {
    expect(measureEvidence('{"a":1}', evidence)).toEqual({ characters: 7 + 4 + 5, items: 3 });
    expect(measureEvidence('{}', null)).toEqual({ characters: 2, items: 0 });
  });
});
