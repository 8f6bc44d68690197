import { describe, expect, it } from 'vitest';
import { REASON_CODES } from '@/lib/escalations/escalation-lists';
import { POLICY_REASONS } from '@/lib/policy/policy-reason';
import { describeForAgent } from './agent-words';

describe('describeForAgent', () => {
  it('has a sentence for every reason that the console knows for a denial', () => {
    const texts = REASON_CODES.deny.map(
      (reasonCode) => describeForAgent({ status: 'denied', reasonCode }).text,
    );
    expect(new Set(texts).size).toBe(REASON_CODES.deny.length);
    for (const [index, text] of texts.entries()) expect(text).toContain(`(${REASON_CODES.deny[index]})`);
  });

  it('tells nobody which rule refused: all that could be stayed below reads alike', () => {
    const texts = POLICY_REASONS.filter((reason) => /exceeded|granted|above|below|burst/.test(reason)).map(
      (reasonCode) => describeForAgent({ status: 'refused', reasonCode }).text,
    );
    expect(texts.length).toBeGreaterThan(8);
    expect(new Set(texts)).toEqual(
      new Set(['Not permitted. Approval cannot be asked for. Nothing was executed.']),
    );
  });

  it.each([
    ['a made-up code', 'rule large-payment: above €500'],
    ['a name of every object', 'constructor'],
    ['none', null],
  ])('repeats no reason that is %s', (_what, reasonCode) => {
    expect(describeForAgent({ status: 'denied', reasonCode }).text).toBe(
      'A reviewer denied this (no reason given). Nothing was executed.',
    );
  });

  it('says of time that ran out that it is neither approval nor denial', () => {
    expect(describeForAgent({ status: 'expired', reasonCode: null }).text).toMatch(
      /neither an approval nor a denial/,
    );
  });

  it('promises nothing about a call whose outcome is unknown', () => {
    expect(describeForAgent({ status: 'unknown' }).text).not.toMatch(/Nothing was executed/);
  });
});
