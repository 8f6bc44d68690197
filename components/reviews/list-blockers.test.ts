import { describe, expect, it } from 'vitest';
import { exampleDetail } from './example-detail.test-data';
import { type BlockerInput, listBlockers } from './list-blockers';

const session = {
  openedAt: '2026-11-20T08:36:00.000Z',
  reviewDwellMs: 60_000,
  activeMs: 40_000,
  seenMs: {},
  covered: ['action', 'why', 'seen'] as ('action' | 'why' | 'seen')[],
};
const ready: BlockerInput = {
  shown: exampleDetail(),
  check: { verdict: 'valid' },
  session,
  activeMs: 40_000,
  isExpired: false,
  isStale: false,
  isOffline: false,
  heldBy: null,
};
const codes = (verdict: 'approve' | 'deny', change: Partial<BlockerInput>) =>
  listBlockers(verdict, { ...ready, ...change }).map(({ code }) => code);

describe('listBlockers', () => {
  it('opens both verdicts when everything was read for long enough', () => {
    expect(codes('approve', {})).toEqual([]);
    expect(codes('deny', {})).toEqual([]);
  });

  it.each<[string, Partial<BlockerInput>, string]>([
    ['digests still being computed', { check: { verdict: 'checking' } }, 'checking'],
    [
      'bytes that are not what is signed',
      { check: { verdict: 'invalid', what: 'bytes', reason: 'json_syntax' } },
      'invalid',
    ],
    ['expired', { isExpired: true }, 'late_verdict'],
    ['changed under the reader', { isStale: true }, 'stale_view'],
    ['no connection', { isOffline: true }, 'offline'],
    ['another person deciding', { heldBy: 'Priya Raman' }, 'lease_held'],
    [
      'own request',
      { shown: exampleDetail({ may: { decide: false, code: 'self_approval', role: null } }) },
      'self_approval',
    ],
  ])('%s locks both verdicts', (_, change, code) => {
    expect(codes('approve', change)).toContain(code);
    expect(codes('deny', change)).toContain(code);
  });

  it('names each unread section and the missing seconds, for an approval only', () => {
    const change = { session: { ...session, covered: ['why' as const] }, activeMs: 12_400 };
    expect(listBlockers('approve', { ...ready, ...change }).map(({ words }) => words)).toEqual([
      'Read “What will happen”',
      'Read “What the agent saw and said”',
      '8 s more of active reading',
    ]);
    expect(codes('deny', change)).toEqual([]);
  });

  it('an action that cannot be shown can be denied and not approved', () => {
    const check = { verdict: 'gone' as const };
    expect(codes('approve', { check })).toEqual(['gone']);
    expect(codes('deny', { check })).toEqual([]);
  });

  it('a page the server never heard of is not opened', () => {
    expect(codes('deny', { session: null })).toEqual(['not_opened']);
  });

  it('locks an approval on what cannot be inspected, unless the policy allows it; a denial stays open', () => {
    const parts = ['retrieved item 1: it cannot be drawn'];
    const blocked = { shown: exampleDetail({ notInspectable: { parts, blocks: true } }) };
    expect(codes('approve', blocked)).toEqual(['not_inspectable']);
    expect(codes('deny', blocked)).toEqual([]);
    expect(codes('approve', { shown: exampleDetail({ notInspectable: { parts, blocks: false } }) })).toEqual(
      [],
    );
  });

  it('at the limit of load leaves denying and what was open before it', () => {
    const load = {
      state: 'reached' as const,
      used: 20,
      limit: 20,
      activeMs: 0,
      activeLimitMs: 1,
      breakMinutes: 10,
      lowered: false,
      reachedAt: '2026-11-20T08:35:00.000Z',
      freeAt: '2026-11-20T09:00:00.000Z',
    };
    expect(codes('approve', { shown: exampleDetail({ load }) })).toEqual(['load_limit_reached']);
    expect(codes('deny', { shown: exampleDetail({ load }) })).toEqual([]);
    const later = { ...load, reachedAt: '2026-11-20T08:37:00.000Z' };
    expect(codes('approve', { shown: exampleDetail({ load: later }) })).toEqual([]);
  });
});

describe('a passkey that the policy asks for', () => {
  const ask = (passkey: BlockerInput['shown']['passkey']) => {
    const shown = exampleDetail({ passkey });
    return { approve: codes('approve', { shown }), deny: codes('deny', { shown }) };
  };
  it.each([
    ['optional', false, [], []],
    ['approval', false, ['passkey_required'], []],
    ['every-verdict', false, ['passkey_required'], ['passkey_required']],
    ['every-verdict', true, [], []],
  ] as const)('%s, registered %s', (rule, registered, approve, deny) => {
    expect(ask({ rule, registered, available: true })).toEqual({ approve, deny });
  });
  it('is missing where the address cannot use one', () => {
    expect(ask({ rule: 'approval', registered: true, available: false }).approve).toEqual([
      'passkey_required',
    ]);
  });
});
