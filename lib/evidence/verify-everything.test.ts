import { describe, expect, it } from 'vitest';
import type { ChainRecord } from '@/lib/integrity/walk-chain';
import type { LogPoint, RememberedCheckpoint, VerifiedPoint } from './evidence-source';
import { interleave, LOG, type LogEntry, logSource, rootOf, tenantMaterial } from './testing/build-log';
import { chainRecords, signRecord } from './testing/build-stream';
import { type EverythingOptions, verifyEverything } from './verify-everything';
import { verifyLeaves } from './verify-leaves';
import { verifyRange } from './verify-range';

const A = 'spiffe://bank.example/agent/a';
const B = 'spiffe://bank.example/agent/b';
/** A stream of another organisation in the same log. */
const OTHER = 'spiffe://hospital.example/agent/x';

const makeStream = (stream: string, length: number) =>
  chainRecords(
    Array.from({ length }, (_, i) => signRecord(i + 1, { stream })),
    stream,
  );
const own = new Map([
  [A, makeStream(A, 260)],
  [B, makeStream(B, 90)],
]);
const all = new Map<string, readonly ChainRecord[]>([...own, [OTHER, makeStream(OTHER, 250)]]);
const entries = interleave(all);

type Given = {
  streams?: ReadonlyMap<string, readonly ChainRecord[]>;
  material?: ReadonlyMap<string, readonly ChainRecord[]>;
  entries?: readonly LogEntry[];
  signed?: readonly LogEntry[];
  memory?: Partial<EverythingOptions['memory']>;
  fromStart?: boolean;
  lanes?: boolean;
};

async function run(given: Given = {}) {
  const source = logSource(given.streams ?? own, given.entries ?? entries, given.signed ?? entries);
  const points = new Map<string, VerifiedPoint[]>();
  let leaves = 0;
  let records = 0;
  const report = await verifyEverything(tenantMaterial(given.material ?? own), source, {
    nowMs: Date.UTC(2026, 10, 20),
    memory: { points: new Map(), checkpoint: null, log: null, ...given.memory },
    fromStart: given.fromStart ?? false,
    logProgress: (progress) => {
      leaves = progress.done;
    },
    progress: ({ done }) => {
      records = done;
    },
    points: (stream, found) => points.set(stream, [...(points.get(stream) ?? []), ...found]),
    ...(given.lanes && {
      lanes: {
        width: 3,
        rangeRecords: 50,
        verifyRange: (job, tell) =>
          verifyRange(job, source.records(job.stream, job.from, job.to), {
            record: (bytes) => tell.records(1, bytes),
          }),
        verifyLeaves: (job, tell) => verifyLeaves(job, source, tell),
      },
    }),
  });
  const checks = [...report.log, ...report.streams.flatMap((stream) => stream.checks)];
  return {
    ...report,
    points,
    leaves,
    records,
    lines: checks.map(({ id, verdict }) => `${id} ${verdict}`),
    invalid: checks.filter(({ verdict }) => verdict === 'invalid').map(({ id, code }) => `${id} ${code}`),
    read: report.streams.map(({ records: count }) => count),
  };
}

/** What a first whole run leaves behind in this browser. */
async function remembered(given: Given = {}) {
  const first = await run(given);
  return { points: first.points, checkpoint: first.checkpoint, log: first.point };
}

const replaceEntry = (at: number, change: Partial<LogEntry>) =>
  entries.map((entry, i) => (i === at ? { ...entry, ...change } : entry));
const indexOf = (stream: string, position: number) =>
  entries.findIndex((entry) => entry.stream === stream && entry.position === position);

describe('verify everything', () => {
  it.each([false, true])('is VALID for an honest console, in a pool: %s', async (lanes) => {
    const { lines, leaves, read, checkpoint, point } = await run({ lanes });
    expect(lines).toEqual([
      'log.checkpoint valid',
      'log.consistency not-checked',
      'log.root valid',
      ...[A, B].flatMap(() => [
        'chain.signature valid',
        'chain.link valid',
        'chain.seq valid',
        'chain.entry valid',
      ]),
    ]);
    expect(leaves).toBe(entries.length);
    expect(read).toEqual([260, 90]);
    expect(checkpoint).toMatchObject({ origin: LOG.origin, size: 600, root: rootOf(entries) });
    expect(point).toMatchObject({ size: 512 });
  });

  it('goes on from what it remembers, and reads only what is new', async () => {
    const short = new Map([...all].map(([stream, records]) => [stream, records.slice(0, 80)] as const));
    const before = interleave(short);
    const later = [...before, ...entries.filter(({ position }) => position > 80)];
    const material = new Map([...short].filter(([stream]) => stream !== OTHER));
    const memory = await remembered({ material, entries: before, signed: before });
    expect(memory.log?.size).toBe(0);
    const next = await run({ memory, entries: later, signed: later });
    expect(next.invalid).toEqual([]);
    expect(next.lines).toContain('log.consistency valid');
    expect(next.read).toEqual([180, 10]);
    const again = await run({
      memory: { ...memory, checkpoint: next.checkpoint, log: next.point, points: next.points },
      entries: later,
      signed: later,
    });
    expect(again.invalid).toEqual([]);
    expect(again.leaves).toBe(600 - 512);
    expect(again.read).toEqual([0, 0]);
  });

  it('goes on where it was stopped, though the log must be rebuilt for it', async () => {
    const { points } = await run({ lanes: true });
    const stopped = new Map([...points].map(([stream, found]) => [stream, found.slice(0, 1)]));
    const { read, invalid, leaves } = await run({ memory: { points: stopped } });
    expect(invalid).toEqual([]);
    expect(read).toEqual([210, 40]);
    expect(leaves).toBe(600);
  });

  it('reads everything again from the start, and what was remembered must still be so', async () => {
    const memory = await remembered();
    const { lines, read, leaves } = await run({ memory, fromStart: true });
    expect(lines.filter((line) => line === 'chain.remembered valid')).toHaveLength(2);
    expect(read).toEqual([260, 90]);
    expect(leaves).toBe(600);
  });
});

describe('verify everything catches', () => {
  it('a log that shrank, forked, changed its key or its name since it was last seen', async () => {
    const memory = await remembered();
    const shorter = entries.slice(0, 500);
    const shrunk = await run({ memory, entries: shorter, signed: shorter });
    expect(shrunk.invalid).toContain('log.consistency log_shrunk');
    expect(shrunk.checkpoint).toBeNull();

    const forked = replaceEntry(3, { link: new Uint8Array(64).fill(1) });
    const grown = [...forked, { stream: OTHER, position: 251, link: new Uint8Array(64) }];
    const fork = await run({ memory, entries: grown, signed: grown });
    expect(fork.invalid).toContain('log.consistency root_mismatch');
    expect(fork.checkpoint).toBeNull();

    const { checkpoint } = memory as { checkpoint: RememberedCheckpoint };
    const otherKey = { ...memory, checkpoint: { ...checkpoint, vkey: 'another' } };
    expect((await run({ memory: otherKey })).invalid).toContain('log.consistency log_key_changed');
    const otherName = { ...memory, checkpoint: { ...checkpoint, origin: 'console.test/older-log' } };
    expect((await run({ memory: otherName })).invalid).toContain('log.consistency log_name_changed');
  });

  it.each<[string, Given, string]>([
    [
      'an entry changed after it was signed',
      { entries: replaceEntry(indexOf(OTHER, 7), { link: new Uint8Array(64) }) },
      'log.root root_mismatch',
    ],
    [
      'a record whose entry was written of another link',
      {
        entries: replaceEntry(indexOf(A, 9), { link: new Uint8Array(64) }),
        signed: replaceEntry(indexOf(A, 9), { link: new Uint8Array(64) }),
      },
      'chain.entry entry_mismatch',
    ],
    [
      'a record that never came into the log',
      {
        entries: entries.filter((_, i) => i !== indexOf(A, 9)),
        signed: entries.filter((_, i) => i !== indexOf(A, 9)),
      },
      'log.root entry_order',
    ],
    [
      'a record that came into the log twice',
      {
        entries: [...entries, entries[indexOf(A, 9)] as LogEntry],
        signed: [...entries, entries[indexOf(A, 9)] as LogEntry],
      },
      'log.root entry_order',
    ],
    [
      'a tail of a stream that only the log still knows',
      {
        streams: new Map([
          [A, (own.get(A) as ChainRecord[]).slice(0, 200)],
          [B, own.get(B) as ChainRecord[]],
        ]),
        material: new Map([
          [A, (own.get(A) as ChainRecord[]).slice(0, 200)],
          [B, own.get(B) as ChainRecord[]],
        ]),
      },
      'chain.link position_gap',
    ],
  ])('%s', async (_, given, expected) => {
    const { invalid, point } = await run(given);
    expect(invalid).toContain(expected);
    expect(point).toBeNull();
  });

  it('a stream rewritten or cut since it was verified here, also where the log does not reach', async () => {
    const memory = await remembered();
    const rewritten = chainRecords(
      Array.from({ length: 90 }, (_, i) => signRecord(i + 1, { stream: B, note: 'rewritten' })),
      B,
    );
    const logged = entries.filter(({ stream }) => stream !== B);
    const streams = new Map([...own, [B, rewritten] as const]);
    const changed = await run({
      memory: { points: memory.points },
      streams,
      material: streams,
      entries: logged,
      signed: logged,
      fromStart: true,
    });
    expect(changed.invalid).toContain('chain.remembered history_changed');
    const cut = new Map([...own, [B, (own.get(B) as ChainRecord[]).slice(0, 50)] as const]);
    for (const fromStart of [true, false]) {
      const shrunk = await run({
        memory: { points: memory.points },
        streams: cut,
        material: cut,
        entries: logged,
        signed: logged,
        fromStart,
      });
      expect(shrunk.invalid).toContain('chain.remembered stream_shrunk');
    }
  });

  it('nothing it did not read: what cannot be fetched is NOT CHECKED', async () => {
    const source = logSource(own, entries);
    const refuse = () => Promise.reject(new Error('away'));
    const report = await verifyEverything(
      tenantMaterial(own),
      { ...source, entries: refuse },
      {
        nowMs: 0,
        memory: { points: new Map(), checkpoint: null, log: null },
        fromStart: false,
      },
    );
    expect(report.log.find(({ id }) => id === 'log.root')).toMatchObject({
      verdict: 'not-checked',
      reason: expect.stringContaining('away'),
    });
    expect(report.streams[0]?.checks.find(({ id }) => id === 'chain.entry')).toMatchObject({
      verdict: 'not-checked',
    });
    expect(report.point).toBeNull();
  });

  it('does not take a prefix of the log for one that followed a stream it never followed', async () => {
    const memory = await remembered();
    const log = memory.log as LogPoint;
    const foreign = { ...log, positions: log.positions.filter(([stream]) => stream !== B) };
    const { leaves, invalid } = await run({ memory: { ...memory, log: foreign } });
    expect(leaves).toBe(600);
    expect(invalid).toEqual([]);
  });
});
