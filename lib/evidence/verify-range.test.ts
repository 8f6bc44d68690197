import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { genesisLink } from '@/lib/integrity/chain';
import { type ChainRecord, createChainWalk } from '@/lib/integrity/walk-chain';
import type { RangeLanes } from './local-lane';
import {
  chainRecords,
  leavesOf,
  recordSource,
  STREAM,
  STREAM_KEYS,
  signRecord,
} from './testing/build-stream';
import { verifyRange } from './verify-range';
import { verifyStream } from './verify-stream';

const LENGTH = 24;
const honest = chainRecords(Array.from({ length: LENGTH }, (_, i) => signRecord(i + 1)));

/** Parts side by side, finished in whatever order the delays give. */
function lanesOver(stored: readonly ChainRecord[], rangeRecords: number, width: number): RangeLanes {
  const source = recordSource(stored);
  return {
    width,
    rangeRecords,
    async verifyRange(job) {
      await new Promise((resolve) => setTimeout(resolve, (job.from * 7) % 5));
      return verifyRange(job, source.records(job.stream, job.from, job.to));
    },
  };
}

/** One walk from the first record to the last: what joined parts must agree with. */
async function walkWhole(stored: readonly ChainRecord[]): Promise<string[]> {
  const walk = createChainWalk({
    stream: STREAM,
    fromPosition: 0,
    fromLink: genesisLink(STREAM),
    keys: STREAM_KEYS,
  });
  const found = (await Promise.all(stored.map((record) => walk.push(record)))).flat();
  const last = stored.at(-1)?.position ?? 0;
  return [
    ...found
      .filter(({ code }) => !code.startsWith('seq_'))
      .map(({ code, where, expected, computed }) => `${code}@${where.position} ${expected} ${computed}`),
    ...(last < LENGTH ? [`position_gap@${last + 1} ${LENGTH} ${last}`] : []),
  ].sort();
}

async function walkParts(stored: readonly ChainRecord[], rangeRecords: number, width: number) {
  const report = await verifyStream(
    { stream: STREAM, to: LENGTH, keys: STREAM_KEYS, start: null },
    recordSource(stored),
    rangeRecords === LENGTH ? {} : { lanes: lanesOver(stored, rangeRecords, width) },
  );
  const findings = report.findings
    .map(({ code, where, expected, computed }) => `${code}@${where.position} ${expected} ${computed}`)
    .sort();
  return { ...report, named: findings };
}

type Change = (stored: ChainRecord[], at: number) => ChainRecord[];
const flip = (bytes: Uint8Array, at: number) =>
  bytes.map((byte, i) => (i === at % bytes.length ? byte ^ 1 : byte));
const replace = (stored: ChainRecord[], at: number, change: Partial<ChainRecord>) =>
  stored.map((record, i) => (i === at ? { ...record, ...change } : record));

const CHANGES: Record<string, Change> = {
  'a byte of a record': (stored, at) =>
    replace(stored, at, { bytes: flip((stored[at] as ChainRecord).bytes, 90) }),
  'a byte of a link': (stored, at) =>
    replace(stored, at, { link: flip((stored[at] as ChainRecord).link, at) }),
  'a link of another length': (stored, at) => replace(stored, at, { link: new Uint8Array(at) }),
  'a record dropped': (stored, at) => stored.filter((_, i) => i !== at),
  'the tail cut off': (stored, at) => stored.slice(0, at),
  'the head cut off': (stored, at) => stored.slice(at),
  'another record in its place': (stored, at) =>
    replace(stored, at, { bytes: (stored[(at + 1) % stored.length] as ChainRecord).bytes }),
  'a forged record': (stored, at) =>
    replace(stored, at, { bytes: signRecord(at + 1, { signer: new Uint8Array(32).fill(9) }) }),
  'no envelope at all': (stored, at) => replace(stored, at, { bytes: new Uint8Array([123, 125]) }),
};

describe('parts joined end to end', () => {
  it.each([1, 2, 5, 7, LENGTH - 1])(
    'answer an honest stream as one walk does, %i records a part',
    async (n) => {
      const { checks, named, records, points } = await walkParts(honest, n, 3);
      expect(named).toEqual([]);
      expect(records).toBe(LENGTH);
      expect(checks.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
        'chain.signature valid',
        'chain.link valid',
        'chain.seq valid',
      ]);
      expect(points.at(-1)).toMatchObject({ position: LENGTH, link: honest.at(-1)?.link });
    },
  );

  // Every place beside and away from a joint of parts of 6 records.
  const places = [0, 1, 4, 5, 6, 7, 11, 12, 17, 18, LENGTH - 1];
  it.each(Object.keys(CHANGES).flatMap((name) => places.map((at) => [name, at] as const)))(
    'name %s at record index %i as one walk does',
    async (name, at) => {
      const stored = (CHANGES[name] as Change)([...honest], at);
      const whole = await walkWhole(stored);
      const { named, checks } = await walkParts(stored, 6, 3);
      expect(named).toEqual(whole);
      const alone = await walkParts(stored, LENGTH, 1);
      expect(alone.named).toEqual(whole);
      expect(checks).toEqual(alone.checks);
    },
  );

  it('agree for any two changes, any size of parts and any number side by side', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...Object.values(CHANGES)), fc.nat(LENGTH - 1)), {
          maxLength: 2,
        }),
        fc.integer({ min: 1, max: LENGTH }),
        fc.integer({ min: 1, max: 5 }),
        async (changes, rangeRecords, width) => {
          let stored = honest;
          for (const [change, at] of changes)
            if (stored.length > 0) stored = change(stored, at % stored.length);
          expect((await walkParts(stored, rangeRecords, width)).named).toEqual(await walkWhole(stored));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('go on from a point as from the start, and refuse a point that is not of this stream', async () => {
    const { points } = await walkParts(honest, 6, 2);
    const start = points[1];
    if (!start) throw new Error('no point');
    const walk = { stream: STREAM, to: LENGTH, keys: STREAM_KEYS };
    const lanes = lanesOver(honest, 6, 2);
    const rest = await verifyStream({ ...walk, start }, recordSource(honest), { lanes });
    expect(rest.findings).toEqual([]);
    expect(rest.records).toBe(LENGTH - start.position);
    const foreign = { ...start, link: genesisLink('another') };
    const refused = await verifyStream({ ...walk, start: foreign }, recordSource(honest), { lanes });
    expect(refused.findings.map(({ code, where }) => `${code}@${where.position}`)).toEqual([
      `link_mismatch@${start.position + 1}`,
    ]);
    expect(refused.points).toEqual([]);
  });

  it('throws what a part throws, and stops when it is told to', async () => {
    const broken: RangeLanes = {
      width: 3,
      rangeRecords: 6,
      verifyRange: (job) => Promise.reject(new Error(`part ${job.from}`)),
    };
    const walk = { stream: STREAM, to: LENGTH, keys: STREAM_KEYS, start: null };
    await expect(verifyStream(walk, recordSource(honest), { lanes: broken })).rejects.toThrow('part 1');
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(verifyStream(walk, recordSource(honest), { signal })).rejects.toThrow('cancelled');
  });

  it('takes no more records than a part has from a source that never ends', async () => {
    const first = honest[0] as ChainRecord;
    async function* endless() {
      for (;;) yield first;
    }
    const report = await verifyRange({ stream: STREAM, from: 1, to: 10, keys: STREAM_KEYS }, endless());
    expect(report.records).toBe(10);
    expect(report.findings.some(({ code }) => code === 'position_gap')).toBe(true);
  });
});

describe('the log’s entries', () => {
  const walk = { stream: STREAM, to: LENGTH, keys: STREAM_KEYS, start: null };

  async function compare(leaves: Uint8Array, from = 1) {
    const report = await verifyStream({ ...walk, entries: { from, leaves } }, recordSource(honest), {
      lanes: lanesOver(honest, 7, 2),
    });
    return { ...report, entry: report.checks.find(({ id }) => id === 'chain.entry') };
  }

  it('are each of the record’s own link', async () => {
    const { entry, points } = await compare(leavesOf(honest));
    expect(entry).toMatchObject({ verdict: 'valid' });
    expect(points.every(({ logged }) => logged === true)).toBe(true);
  });

  it('may end before the stream does; what lies beyond is not counted as compared', async () => {
    const { entry, points } = await compare(leavesOf(honest.slice(0, 10)));
    expect(entry).toMatchObject({ verdict: 'valid', compared: expect.stringContaining('10 entries') });
    expect(points.filter(({ logged }) => logged).map(({ position }) => position)).toEqual([7, 10]);
  });

  it('name the one record whose entry is another’s', async () => {
    const leaves = leavesOf(honest);
    leaves[32 * 9] = (leaves[32 * 9] as number) ^ 1;
    const { entry, findings } = await compare(leaves);
    expect(findings.map(({ code, where }) => `${code}@${where.position}`)).toEqual(['entry_mismatch@10']);
    expect(entry).toMatchObject({ verdict: 'invalid', where: { stream: STREAM, position: 10 } });
  });

  it('do not pass for a stream that has fewer records than the log says', async () => {
    const report = await verifyStream(
      { ...walk, to: 20, entries: { from: 1, leaves: leavesOf(honest) } },
      recordSource(honest.slice(0, 20)),
    );
    expect(report.checks.find(({ id }) => id === 'chain.entry')).toMatchObject({
      verdict: 'invalid',
      code: 'entry_without_record',
    });
  });
});
