import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyBeat,
  type Beat,
  listCoverage,
  resumeReading,
  reviewDwellMs,
  startReading,
} from '@/lib/escalations/dwell';

const reading = startReading(0);
const beat = (overrides: Partial<Beat> = {}): Beat => ({
  visible: true,
  focused: true,
  idle: false,
  sections: ['action'],
  ...overrides,
});

describe('applyBeat', () => {
  it('counts five seconds of an attentive beat, for the time and the section', () => {
    expect(applyBeat(reading, beat(), 5_000)).toMatchObject({ activeMs: 5_000, seenMs: { action: 5_000 } });
  });

  it.each([
    ['hidden', beat({ visible: false })],
    ['without focus', beat({ focused: false })],
    ['idle', beat({ idle: true })],
  ])('counts nothing when %s, and the next beat gains nothing back', (_, absent) => {
    const after = applyBeat(reading, absent, 60_000);
    expect(after).toMatchObject({ activeMs: 0, seenMs: { action: 0 } });
    expect(applyBeat(after, beat(), 61_000).activeMs).toBe(1_000);
  });

  it('is worth at most an interval and a little slack after silence', () => {
    expect(applyBeat(reading, beat(), 3_600_000).activeMs).toBe(6_500);
  });

  it('gains nothing when the clock goes back, nor when it comes forward again', () => {
    const forward = applyBeat(reading, beat(), 5_000);
    const back = applyBeat(forward, beat(), 1_000);
    expect(back).toEqual({ ...forward, lastBeatAtMs: 5_000 });
    expect(applyBeat(back, beat(), 6_000).activeMs).toBe(6_000);
  });

  it('shares one person’s time between two pages in front at once', () => {
    expect(applyBeat(reading, beat(), 5_000, 3_000).activeMs).toBe(2_000);
    expect(applyBeat(reading, beat(), 5_000, 5_000).activeMs).toBe(0);
    expect(applyBeat(reading, beat(), 5_000, 9_000).activeMs).toBe(0);
  });

  it('counts a section named twice in one beat once', () => {
    expect(applyBeat(reading, beat({ sections: ['why', 'why'] }), 2_000).seenMs.why).toBe(2_000);
  });

  it('never counts more than the time that passed, however a browser beats', () => {
    const beats = fc.array(
      fc.tuple(fc.integer({ min: -2_000, max: 20_000 }), fc.boolean(), fc.boolean(), fc.boolean()),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(beats, (list) => {
        let at = 0;
        let latest = 0;
        let now = startReading(0);
        for (const [step, visible, focused, idle] of list) {
          at += step;
          latest = Math.max(latest, at);
          now = applyBeat(now, { visible, focused, idle, sections: ['action', 'why'] }, at);
        }
        expect(now.activeMs).toBeLessThanOrEqual(latest);
        expect(now.seenMs.action ?? 0).toBeLessThanOrEqual(now.activeMs);
      }),
    );
  });
});

describe('a reading', () => {
  it('covers a section from two seconds on', () => {
    expect(listCoverage({ history: 5_000, action: 2_000, why: 1_999 })).toEqual(['action', 'history']);
  });

  it('keeps its first rendering over a reload, and the time away is worth nothing', () => {
    const resumed = resumeReading(applyBeat(reading, beat(), 5_000), 65_000);
    expect(reviewDwellMs(resumed, 70_000)).toBe(70_000);
    expect(applyBeat(resumed, beat(), 66_000).activeMs).toBe(6_000);
  });
});
