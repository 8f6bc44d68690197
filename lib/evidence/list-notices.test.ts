import { describe, expect, it } from 'vitest';
import type { IntegrityStream, IntegrityView } from './integrity-view';
import { listNotices } from './list-notices';

const NOW = Date.UTC(2026, 10, 20, 12);
const ago = (ms: number) => new Date(NOW - ms).toISOString();
const MINUTE = 60_000;
const key = { keyid: 'k', publicKey: '', validFrom: ago(MINUTE), retiredAt: null };

const stream = (change: Partial<IntegrityStream>): IntegrityStream => ({
  stream: 'spiffe://bank.example/agent/a',
  producer: 'spiffe://bank.example/agent/a',
  head: 10,
  keys: [key],
  lastSeq: 10,
  lastSeenAt: ago(5_000),
  integrated: 10,
  decisionsLastDay: 10,
  gaps: [],
  rhythm: { longestPauseMs: null, expectedEveryMs: null, heartbeatEveryMs: null, waitingSince: null },
  ...change,
});

const view = (...streams: IntegrityStream[]): IntegrityView =>
  ({ streams, log: { checkpointSeconds: 600 } }) as unknown as IntegrityView;
const codes = (change: Partial<IntegrityStream>) =>
  listNotices(view(stream(change)), NOW).map(({ code }) => code);
const rhythm = (change: Partial<IntegrityStream['rhythm']>) => ({
  longestPauseMs: null,
  expectedEveryMs: null,
  heartbeatEveryMs: null,
  waitingSince: null,
  ...change,
});

describe('what is worth a look', () => {
  it('is nothing while all is as it should be', () => {
    expect(codes({})).toEqual([]);
  });

  it('is a loss, with all its numbers and since when the first is missed', () => {
    const gaps = [
      { fromSeq: 4, toSeq: 6, notedAt: ago(MINUTE) },
      { fromSeq: 1, toSeq: 1, notedAt: ago(2 * MINUTE) },
    ];
    expect(listNotices(view(stream({ gaps })), NOW)).toEqual([
      {
        code: 'sequence_gap',
        stream: 'spiffe://bank.example/agent/a',
        since: ago(2 * MINUTE),
        ranges: [
          { from: 4, to: 6 },
          { from: 1, to: 1 },
        ],
      },
    ]);
  });

  it.each<[string, Partial<IntegrityStream>, string[]]>([
    [
      'a heartbeat late by less than two intervals',
      { lastSeenAt: ago(110_000), rhythm: rhythm({ heartbeatEveryMs: MINUTE }) },
      [],
    ],
    [
      'a heartbeat that stopped',
      { lastSeenAt: ago(121_000), rhythm: rhythm({ heartbeatEveryMs: MINUTE }) },
      ['heartbeat_missing'],
    ],
    [
      'a silence of twice what an administrator set, whatever its heartbeats promise',
      {
        lastSeenAt: ago(121_000),
        rhythm: rhythm({ expectedEveryMs: MINUTE, heartbeatEveryMs: 60 * MINUTE }),
      },
      ['silent'],
    ],
    [
      'a pause no longer than usual',
      { lastSeenAt: ago(3 * 3_600_000), rhythm: rhythm({ longestPauseMs: 3_600_000 }) },
      [],
    ],
    [
      'a silence of many usual pauses',
      { lastSeenAt: ago(5 * 3_600_000), rhythm: rhythm({ longestPauseMs: 3_600_000 }) },
      ['silent'],
    ],
    [
      'a busy producer quiet for a few minutes',
      { lastSeenAt: ago(5 * MINUTE), rhythm: rhythm({ longestPauseMs: 1_000 }) },
      [],
    ],
    [
      'a busy producer quiet for long',
      { lastSeenAt: ago(16 * MINUTE), rhythm: rhythm({ longestPauseMs: 1_000 }) },
      ['silent'],
    ],
    ['a stream of which nobody can say what is usual', { lastSeenAt: ago(80 * 86_400_000) }, []],
    [
      'a producer whose keys are all retired',
      {
        lastSeenAt: ago(86_400_000),
        keys: [{ ...key, retiredAt: ago(MINUTE) }],
        rhythm: rhythm({ heartbeatEveryMs: MINUTE }),
      },
      [],
    ],
    [
      'the console’s own journal',
      { stream: 'console/bank', lastSeenAt: ago(86_400_000), rhythm: rhythm({ longestPauseMs: 1_000 }) },
      [],
    ],
    [
      'records that wait for the next checkpoint',
      { integrated: 8, rhythm: rhythm({ waitingSince: ago(19 * MINUTE) }) },
      [],
    ],
    [
      'records that two checkpoints passed by',
      { integrated: 8, rhythm: rhythm({ waitingSince: ago(21 * MINUTE) }) },
      ['not_in_log'],
    ],
  ])('%s', (_, change, expected) => {
    expect(codes(change)).toEqual(expected);
  });

  it('names the positions that wait', () => {
    const [notice] = listNotices(
      view(stream({ integrated: 8, rhythm: rhythm({ waitingSince: ago(21 * MINUTE) }) })),
      NOW,
    );
    expect(notice).toMatchObject({ ranges: [{ from: 9, to: 10 }], usualMs: 600_000 });
  });

  it('puts losses first', () => {
    const quiet = stream({
      lastSeenAt: ago(3_600_000),
      rhythm: rhythm({ heartbeatEveryMs: MINUTE }),
      gaps: [{ fromSeq: 1, toSeq: 1, notedAt: ago(MINUTE) }],
    });
    expect(listNotices(view(quiet, quiet), NOW).map(({ code }) => code)).toEqual([
      'sequence_gap',
      'sequence_gap',
      'heartbeat_missing',
      'heartbeat_missing',
    ]);
  });
});
