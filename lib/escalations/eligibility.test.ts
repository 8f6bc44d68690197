import { describe, expect, it } from 'vitest';
import type { Role } from '@/lib/escalations/escalation-view';
import type { Authority } from '@/lib/identity/authority';
import { type EligibilityInput, type LentAuthority, mayDecide } from './eligibility';

const small: Authority = {
  maxTier: 'bounded',
  limits: [{ amount: '1000', currency: 'INR' }],
  tools: [],
  counterparties: [],
  hours: null,
};
const large: Authority = { ...small, limits: [{ amount: '9000', currency: 'INR' }] };
const base: EligibilityInput = {
  names: { person: 'per_1', linked: [] },
  roles: ['reviewer'],
  authority: small,
  ownVerdict: null,
  counted: false,
  lent: [],
  breakGlass: null,
  atMs: Date.parse('2026-11-29T12:00:00Z'),
  escalation: {
    state: 'pending',
    quorum: [{ role: 'reviewer', count: 1 }],
    approvers: [],
    tier: 'bounded',
    tool: 'pay',
    amount: '1000',
    currency: 'INR',
    counterpartyClass: 'new',
    askedBy: ['agent-1', `tok_${'a'.repeat(32)}`],
  },
};
const escalation = (overrides: Partial<EligibilityInput['escalation']>) => ({
  ...base.escalation,
  ...overrides,
});
const lent: LentAuthority = {
  id: 'dlg_1',
  from: 'per_2',
  fromNames: { person: 'per_2', linked: ['agent-2'] },
  fromRoles: ['senior_reviewer'],
  fromAuthority: large,
  roles: ['senior_reviewer'],
  authority: large,
  used: false,
};
const above = escalation({ amount: '5000' });
const forSenior = escalation({ quorum: [{ role: 'senior_reviewer', count: 1 }] });
const glass = {
  id: 'bgl_1',
  tiers: ['bounded' as const],
  relaxes: ['limits', 'senior'] as ('limits' | 'senior')[],
};
const weekdays: Authority = {
  ...small,
  hours: { days: ['mon'], from: '09:00', to: '17:00', timeZone: 'UTC' },
};

describe('mayDecide', () => {
  it('allows exactly the limit, by one’s own right', () => {
    expect(mayDecide(base)).toEqual({
      ok: true,
      value: {
        role: 'reviewer',
        seat: { person: 'per_1', role: 'reviewer' },
        delegation: null,
        breakGlass: null,
      },
    });
  });

  it.each([
    ['what has ended', { escalation: escalation({ state: 'expired' }) }, 'escalation_ended'],
    ['a second verdict of one person', { ownVerdict: 'approve' }, 'already_decided'],
    ['a second verdict of one human', { counted: true }, 'duplicate_human'],
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
    ['a new counterparty', { authority: { ...small, counterparties: ['known'] } }, 'insufficient_authority'],
    ['no authority at all', { authority: null }, 'insufficient_authority'],
    ['the wrong hour', { authority: weekdays }, 'outside_hours'],
  ] as [string, Partial<EligibilityInput>, string][])('refuses %s', (_, change, code) => {
    expect(mayDecide({ ...base, ...change })).toMatchObject({ ok: false, code });
  });
});

describe('lent authority', () => {
  it('reaches where one’s own does not, in its owner’s role', () => {
    expect(mayDecide({ ...base, escalation: above, lent: [lent] })).toMatchObject({
      ok: true,
      value: { role: 'senior_reviewer', delegation: { id: 'dlg_1', onBehalfOf: 'per_2' } },
    });
    expect(mayDecide({ ...base, escalation: forSenior, lent: [lent] })).toMatchObject({
      ok: true,
      value: { seat: { person: 'per_1', role: 'senior_reviewer' } },
    });
  });

  it('is left alone where one’s own reaches', () => {
    expect(mayDecide({ ...base, lent: [lent] })).toMatchObject({ ok: true, value: { delegation: null } });
  });

  const refusals: [string, Partial<LentAuthority>, Partial<EligibilityInput>?][] = [
    ['wider than its owner’s has become', { fromAuthority: small }],
    ['of somebody who lost theirs', { fromAuthority: null }],
    ['less than needed', { authority: small }],
    ['of what its owner asked for', { fromNames: { person: 'per_2', linked: ['agent-1'] } }],
    ['of an administrator', { fromRoles: ['admin', 'senior_reviewer'] }],
    ['of a role that its owner lost', { fromRoles: ['auditor'] }],
    ['that was used already', { used: true }],
    ['of oneself under another account', { fromNames: { person: 'per_1', linked: [] } }],
    ['by whoever asked', {}, { names: { person: 'per_1', linked: ['agent-1'] } }],
    ['by an administrator', {}, { roles: ['admin'] }],
    ['by somebody who reviews nothing', {}, { roles: ['auditor'] as Role[] }],
    ['by somebody counted already', {}, { counted: true }],
  ];
  it.each(refusals)('does not help: %s', (_name, change, more = {}) => {
    expect(mayDecide({ ...base, escalation: above, ...more, lent: [{ ...lent, ...change }] }).ok).toBe(false);
  });
});

describe('an open break-glass', () => {
  it('lifts limits and the wait for a senior, and says so', () => {
    expect(mayDecide({ ...base, escalation: above, breakGlass: glass })).toMatchObject({
      ok: true,
      value: { role: 'reviewer', breakGlass: 'bgl_1' },
    });
    expect(mayDecide({ ...base, escalation: forSenior, breakGlass: glass })).toMatchObject({
      ok: true,
      value: { role: 'reviewer', seat: { role: 'senior_reviewer' }, breakGlass: 'bgl_1' },
    });
  });

  it('is not mentioned where nothing needed it', () => {
    expect(mayDecide({ ...base, breakGlass: glass })).toMatchObject({
      ok: true,
      value: { breakGlass: null },
    });
  });

  it.each([
    ['another tier', { breakGlass: { ...glass, tiers: ['reversible'] } }],
    ['what it does not list', { breakGlass: { ...glass, relaxes: ['hours'] } }],
    ['somebody without authority', { authority: null }],
    ['the requester', { names: { person: 'per_1', linked: ['agent-1'] } }],
    ['a second account of one human', { counted: true }],
    ['an administrator', { roles: ['admin'] }],
    ['an auditor', { roles: ['auditor'] }],
    ['the wrong hour', { authority: weekdays }],
    [
      'a place that the same person fills already',
      { escalation: escalation({ approvers: [{ person: 'per_1', role: 'reviewer' }] }) },
    ],
  ] as [string, Partial<EligibilityInput>][])('does not lift %s', (_name, change) => {
    expect(mayDecide({ ...base, escalation: above, breakGlass: glass, ...change }).ok).toBe(false);
  });
});
