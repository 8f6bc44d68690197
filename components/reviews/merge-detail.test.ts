import { describe, expect, it } from 'vitest';
import { exampleDetail } from './example-detail.test-data';
import { holdEvidence, isStaleView, keepNewest, mergeProgress } from './merge-detail';

const first = exampleDetail();

describe('holdEvidence', () => {
  it('keeps what was read and follows what happens', () => {
    const now = exampleDetail({
      unusual: [],
      row: { ...first.row, version: 4, state: 'expired', sentence: { agent: 'other', verb: 'x' } },
      may: { decide: false, code: 'escalation_ended', role: null },
    });
    const shown = holdEvidence(first, now);
    expect(shown.unusual).toEqual(first.unusual);
    expect(shown.row.sentence).toEqual(first.row.sentence);
    expect([shown.row.state, shown.row.version, shown.may.code]).toEqual(['expired', 4, 'escalation_ended']);
  });
});

describe('isStaleView', () => {
  it.each<[string, Partial<typeof first>, boolean]>([
    ['nothing', {}, false],
    ['a claim by somebody', { row: { ...first.row, version: 2 } }, false],
    ['history', { unusual: [] }, false],
    ['another action', { actionDigest: 'A'.repeat(43) }, true],
    ['another instance', { instance: 'other' }, true],
    ['other evidence', { displayDigest: `sha-256:${'1'.repeat(64)}` }, true],
  ])('%s changed', (_, change, stale) => expect(isStaleView(first, exampleDetail(change))).toBe(stale));
});

describe('mergeProgress', () => {
  const progress = {
    state: 'approved' as const,
    version: 7,
    session: null,
    lease: null,
    load: null,
    now: '2026-11-20T08:40:00.000Z',
  };
  it('takes the lease and the clock, never the verdict, and never goes back', () => {
    const session = { openedAt: first.now, reviewDwellMs: 1, activeMs: 1, seenMs: {}, covered: [] };
    const merged = mergeProgress(exampleDetail({ session }), progress);
    expect([merged.row.state, merged.row.version, merged.session, merged.now]).toEqual([
      'pending',
      7,
      session,
      progress.now,
    ]);
    const late = mergeProgress({ ...first, row: { ...first.row, version: 9 } }, progress);
    expect(late.row.version).toBe(9);
  });
});

describe('keepNewest', () => {
  const session = { openedAt: first.now, reviewDwellMs: 9, activeMs: 5, seenMs: {}, covered: [] };
  const opened = exampleDetail({ session: { ...session, activeMs: 0 } });
  const read = exampleDetail({ session });

  it('takes the first answer and every newer one', () => {
    expect(keepNewest(undefined, first)).toBe(first);
    expect(keepNewest(first, opened)).toBe(opened);
    expect(keepNewest(opened, read)).toBe(read);
  });

  it('keeps the opened page when an answer from before it arrives after it', () => {
    expect(keepNewest(opened, exampleDetail({ session: null })).session).toEqual(opened.session);
    expect(keepNewest(read, opened).session).toEqual(session);
  });

  it('keeps an end that an older answer does not know of', () => {
    const ended = exampleDetail({ row: { ...first.row, version: 8, state: 'denied' } });
    expect(keepNewest(ended, first)).toBe(ended);
  });
});
