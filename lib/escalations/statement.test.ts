import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '@/lib/core/bytes';
import type { ReviewStatement } from '@/lib/escalations/record-bodies';
import { type Displayed, displayDigest, formatStatement, statementDigest } from '@/lib/escalations/statement';

const digest = `sha-256:${'0'.repeat(64)}`;
const statement: ReviewStatement = {
  v: 1,
  escalation: 'esc_1',
  instance: 'AAAAAAAAAAAAAAAAAAAAAA',
  action_digest: 'A'.repeat(43),
  display_digest: digest,
  verdict: 'approve',
  reason_code: 'matches-evidence',
  reason_digest: digest,
  policy_digest: digest,
  reviewer: 'per_1',
  role: 'reviewer',
  opened_at: '2026-11-20T09:00:00.000Z',
  decided_at: '2026-11-20T09:00:20.000Z',
  review_dwell_ms: 20_000,
  active_ms: 15_000,
  coverage: ['action', 'why'],
};

describe('a statement', () => {
  it('is canonical: members by code unit, no white space', () => {
    const text = decodeUtf8(formatStatement(statement));
    expect(text.ok && text.value.startsWith('{"action_digest":"AAAA')).toBe(true);
    expect(text.ok && text.value.endsWith(',"v":1,"verdict":"approve"}')).toBe(true);
  });

  it('has another digest for every other value of every member', () => {
    const changed: Partial<Record<keyof ReviewStatement, unknown>> = {
      verdict: 'deny',
      coverage: ['action'],
      active_ms: 15_001,
      review_dwell_ms: 20_001,
      role: 'senior_reviewer',
      v: 2,
    };
    const digests = Object.keys(statement).map((member) => {
      const key = member as keyof ReviewStatement;
      const value = changed[key] ?? `${String(statement[key])}x`;
      return statementDigest({ ...statement, [key]: value } as ReviewStatement);
    });
    expect(new Set([...digests, statementDigest(statement)]).size).toBe(digests.length + 1);
  });
});

const shown: Displayed = {
  row: {
    id: 'esc_1',
    sentence: { agent: 'a', verb: 'pay' },
    tier: 'bounded',
    control: 'threshold',
    rule: 'large',
    reasonCode: 'amount_above',
  },
  actionJson: '{}',
  actionDigest: 'A'.repeat(43),
  policy: { id: 'payments', version: 1, digest },
  quorum: [{ role: 'reviewer', count: 1 }],
  measured: [],
  budgets: [],
  evidence: { agentSaid: 'x', retrieved: [], guardrails: [] },
};

describe('displayDigest', () => {
  it('does not depend on the order or presence of undefined members', () => {
    const { evidence, ...rest } = shown;
    expect(displayDigest({ evidence: { prompt: undefined, ...evidence }, ...rest } as Displayed)).toBe(
      displayDigest(shown),
    );
  });

  it.each([
    ['the sentence', { row: { ...shown.row, sentence: { agent: 'a', verb: 'receive' } } }],
    ['the action', { actionJson: '{"a":1}' }],
    ['the evidence', { evidence: null }],
    ['the rule', { row: { ...shown.row, rule: 'other' } }],
    ['the quorum', { quorum: [{ role: 'reviewer', count: 2 }] }],
  ] as [string, Partial<Displayed>][])('changes with %s', (_, change) => {
    expect(displayDigest({ ...shown, ...change })).not.toBe(displayDigest(shown));
  });
});
