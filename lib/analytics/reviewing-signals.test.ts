import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findSignals,
  kendallTau,
  median,
  type ReviewFact,
  type ReviewingSignalName,
  wasFast,
} from './reviewing-signals';

const fact = (change: Partial<ReviewFact> = {}): ReviewFact => ({
  person: 'one',
  atMs: 0,
  kind: 'pay bounded',
  verdict: 'approve',
  activeMs: 60_000,
  characters: 3_000,
  required: 2,
  read: 2,
  overridden: false,
  incident: false,
  ...change,
});
/** Reads for about a minute, as people do: longer and shorter by the case. */
const steady = (person: string, n: number, change: Partial<ReviewFact> = {}) =>
  Array.from({ length: n }, (_, i) =>
    fact({ person, atMs: i * 300_000, activeMs: 40_000 + ((i * 7_919) % 50_000), ...change }),
  );
const state = (signal: ReviewingSignalName, facts: ReviewFact[]) =>
  findSignals('one', facts).find((each) => each.signal === signal)?.state;

describe('findSignals', () => {
  const others = steady('two', 60);
  it('says nothing of somebody who reads', () => {
    expect(findSignals('one', [...steady('one', 40), ...others]).map((each) => each.state)).toEqual(
      Array(6).fill('quiet'),
    );
  });

  it('says nothing at all on few cases, however bad they look', () => {
    const bad = steady('one', 11, { activeMs: 900, read: 0, overridden: true, incident: true });
    const signals = findSignals('one', [...bad, ...others]);
    expect(signals.map((each) => [each.state, each.value])).toEqual(Array(6).fill(['few', null]));
  });

  it.each<[ReviewingSignalName, ReviewFact[]]>([
    ['fast_approvals', steady('one', 40, { activeMs: 2_000 })],
    ['coverage_skipped', steady('one', 40, { read: 1 })],
    ['overridden', steady('one', 40, { overridden: true })],
    ['later_incident', steady('one', 40, { incident: true })],
    ['uniform_timing', steady('one', 40).map((each, i) => ({ ...each, activeMs: 20_000 + (i % 3) * 100 }))],
    ['falling_dwell', steady('one', 16).map((each, i) => ({ ...each, activeMs: 90_000 - i * 5_000 }))],
  ])('%s shows where it is', (signal, own) => expect(state(signal, [...own, ...others])).toBe('shows'));

  it('fast is against the case mix: short cases may be quick', () => {
    const short = steady('one', 40, { activeMs: 3_000, characters: 100, kind: 'read reversible' });
    expect(state('fast_approvals', [...short, ...others])).toBe('quiet');
    expect(wasFast(fact({ activeMs: 20_000 }), 30_000)).toBe(false);
    expect(wasFast(fact({ activeMs: 20_000 }), 90_000)).toBe(true);
  });

  it('falling counts within one shift only', () => {
    const days = steady('one', 16).map((each, i) => ({
      ...each,
      atMs: i * 86_400_000,
      activeMs: 90_000 - i * 5_000,
    }));
    expect(state('falling_dwell', days)).toBe('few');
  });

  it('does not depend on the order of the facts, and every value lies within its bounds', () => {
    const facts = fc.array(
      fc.record({
        activeMs: fc.integer({ min: 0, max: 300_000 }),
        characters: fc.integer({ min: 0, max: 9_000 }),
        read: fc.integer({ min: 0, max: 2 }),
        overridden: fc.boolean(),
      }),
      { minLength: 20, maxLength: 60 },
    );
    fc.assert(
      fc.property(facts, (list) => {
        const own = list.map((each, i) => fact({ ...each, atMs: i * 60_000 }));
        const signals = findSignals('one', [...own, ...others]);
        expect(findSignals('one', [...others, ...own].reverse())).toEqual(signals);
        for (const { value, low, high } of signals) {
          if (value === null || low === null || high === null) continue;
          expect(low).toBeLessThanOrEqual(value + 1e-9);
          expect(high).toBeGreaterThanOrEqual(value - 1e-9);
        }
      }),
    );
  });
});

describe('kendallTau', () => {
  it('agrees with counting pairs, and turns its sign with the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 25 }), (values) => {
        const pairs = values.flatMap((a, i) => values.slice(i + 1).map((b) => Math.sign(b - a)));
        const expected =
          pairs.length === 0 ? 0 : pairs.reduce<number>((sum, each) => sum + each, 0) / pairs.length;
        expect(kendallTau(values)).toBeCloseTo(expected, 12);
        expect(kendallTau([...values].reverse())).toBeCloseTo(-expected, 12);
      }),
    );
  });
  it('is one or minus one for what only rises or falls', () => {
    expect([kendallTau([1, 2, 3]), kendallTau([3, 2, 1]), kendallTau([])]).toEqual([1, -1, 0]);
  });
});

it('median is the middle', () => expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]));
