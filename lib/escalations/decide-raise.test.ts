import { describe, expect, it } from 'vitest';
import { decideRaise } from './decide-raise';

const MINUTE = 60_000;
const base = {
  nowMs: 20 * MINUTE,
  sinceMs: 0,
  raisedTo: null,
  leaseUntilMs: null,
  afterMinutes: 20,
  eligible: ['reviewer', 'senior_reviewer'],
  lasting: true,
} satisfies Parameters<typeof decideRaise>[0];
type Change = Partial<Parameters<typeof decideRaise>[0]>;

describe('decideRaise', () => {
  it.each([
    [
      'senior reviewers first',
      {},
      { kind: 'raise', to: 'senior_reviewer', reason: 'not_taken', nextCheckMs: 40 * MINUTE },
    ],
    [
      'compliance where no senior may decide',
      { eligible: ['reviewer'] },
      { kind: 'raise', to: 'compliance', nextCheckMs: null },
    ],
    [
      'compliance after seniors',
      { raisedTo: 'senior_reviewer' },
      { kind: 'raise', to: 'compliance', reason: 'not_taken' },
    ],
    [
      'compliance at once when nobody may decide',
      { eligible: [], nowMs: 0 },
      { kind: 'raise', to: 'compliance', reason: 'nobody_eligible' },
    ],
    [
      'also without a time in the policy',
      { eligible: [], afterMinutes: undefined },
      { kind: 'raise', to: 'compliance' },
    ],
  ] as [string, Change, object][])('raises to %s', (_name, change, expected) => {
    expect(decideRaise({ ...base, ...change })).toMatchObject(expected);
  });

  it.each([
    ['a moment too early', { nowMs: 20 * MINUTE - 1 }, 20 * MINUTE],
    ['while somebody holds it', { leaseUntilMs: 21 * MINUTE }, 21 * MINUTE],
    ['without a time in the policy', { afterMinutes: undefined }, null],
    ['beyond compliance', { raisedTo: 'compliance', eligible: [] }, null],
    ['soon after an approval', { sinceMs: 15 * MINUTE }, 35 * MINUTE],
    ['five minutes where authority ends by the clock', { nowMs: 0, lasting: false }, 5 * MINUTE],
    [
      'five minutes also without a time in the policy',
      { afterMinutes: undefined, lasting: false },
      25 * MINUTE,
    ],
    ['no longer than the policy says', { nowMs: 17 * MINUTE, lasting: false }, 20 * MINUTE],
    ['no more where it lies with compliance', { raisedTo: 'compliance', lasting: false }, null],
  ] as [string, Change, number | null][])('waits %s', (_name, change, nextCheckMs) => {
    expect(decideRaise({ ...base, ...change })).toEqual({ kind: 'wait', nextCheckMs });
  });

  it('looks again at what seniors were told while theirs ends by the clock', () => {
    expect(decideRaise({ ...base, lasting: false })).toMatchObject({
      to: 'senior_reviewer',
      nextCheckMs: 25 * MINUTE,
    });
    expect(decideRaise({ ...base, eligible: [], lasting: false })).toMatchObject({
      to: 'compliance',
      nextCheckMs: null,
    });
  });

  it('raises what was held once the lease has lapsed', () => {
    expect(decideRaise({ ...base, leaseUntilMs: 20 * MINUTE }).kind).toBe('raise');
  });
});
