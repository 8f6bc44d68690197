import { describe, expect, it } from 'vitest';
import { type EligibilityInput, mayDecide } from '@/lib/escalations/eligibility';

const base: EligibilityInput = {
  names: { person: 'per_1', linked: [] },
  roles: ['reviewer'],
  authority: { maxTier: 'bounded', maxAmount: '1000', currency: 'INR', tools: [] },
  ownVerdict: null,
  escalation: {
    state: 'pending',
    quorum: [{ role: 'reviewer', count: 1 }],
    approvers: [],
    tier: 'bounded',
    tool: 'pay',
    amount: '1000.00',
    currency: 'INR',
    askedBy: ['agent-1', 'spiffe://example.org/gateway', `tok_${'a'.repeat(32)}`],
  },
};
const escalation = (overrides: Partial<EligibilityInput['escalation']>) => ({
  ...base.escalation,
  ...overrides,
});

describe('mayDecide', () => {
  it('allows exactly the limit', () => {
    expect(mayDecide(base)).toEqual({ ok: true, value: 'reviewer' });
  });

  it.each([
    ['what has ended', { escalation: escalation({ state: 'expired' }) }, 'escalation_ended'],
    ['a second verdict of one person', { ownVerdict: 'approve' }, 'already_decided'],
    ['an administrator who is also a reviewer', { roles: ['admin', 'reviewer'] }, 'role_required'],
    ['an auditor', { roles: ['auditor'] }, 'role_required'],
    ['nobody’s role', { roles: [] }, 'role_required'],
    ['the agent’s owner', { names: { person: 'per_1', linked: ['agent-1'] } }, 'self_approval'],
    [
      'the agent’s owner in another spelling',
      { names: { person: 'per_1', linked: ['AGENT-1'] } },
      'self_approval',
    ],
    ['the principal', { names: { person: 'per_1', linked: [`tok_${'a'.repeat(32)}`] } }, 'self_approval'],
    ['the requester by their own id', { escalation: escalation({ askedBy: ['per_1'] }) }, 'self_approval'],
    ['one unit too much', { escalation: escalation({ amount: '1000.0001' }) }, 'insufficient_authority'],
    ['another currency', { escalation: escalation({ currency: 'USD' }) }, 'insufficient_authority'],
    ['a graver tier', { escalation: escalation({ tier: 'unbounded' }) }, 'insufficient_authority'],
    ['no authority at all', { authority: null }, 'insufficient_authority'],
  ] as [string, Partial<EligibilityInput>, string][])('refuses %s', (_, change, code) => {
    expect(mayDecide({ ...base, ...change })).toMatchObject({ ok: false, code });
  });
});
