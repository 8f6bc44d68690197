/**
 * One part of a stream, checked by itself: every record's signature, digest and counter, and every link inside the part.
 * Only its first link waits for the part before it. Parts can so be checked side by side, in as many workers as a
 * machine has, and `verifyStream` joins them end to end into the same answer as one walk gives.
 */
import { equalBytes } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { LINK_BYTES } from '@/lib/integrity/chain';
import type { EnvelopeKey } from '@/lib/integrity/dsse';
import { formatEntry } from '@/lib/integrity/entry';
import { HASH_BYTES, leafHash } from '@/lib/integrity/merkle';
import {
  type ChainFinding,
  type ChainFindingCode,
  type ChainJoint,
  type ChainRecord,
  createChainWalk,
} from '@/lib/integrity/walk-chain';
import { createInFlight } from './in-flight';

export interface RangeJob {
  stream: string;
  /** Positions, both included. */
  from: number;
  to: number;
  keys: readonly EnvelopeKey[];
  /** Records that were handed over elsewhere: the stream must hold these very bytes. */
  expected?: ReadonlyMap<number, Uint8Array>;
  /** Positions whose links are wanted. */
  keepLinks?: readonly number[];
  /** What the log holds for positions `from`, `from` + 1, …: leaf hashes, 32 bytes each, one after the other. */
  leaves?: Uint8Array;
}

/** `entry_mismatch`: the log's entry for the position is not of the stored link. */
export type StreamFinding = Omit<ChainFinding, 'code'> & {
  readonly code: ChainFindingCode | 'entry_mismatch';
};

export interface RangeReport {
  /** The first record, whose link is still to be held against the one before. Null when there were no records. */
  joint: ChainJoint | null;
  /** The last record's place and stored link. */
  last: { position: number; link: Uint8Array } | null;
  records: number;
  bytes: number;
  /** The first few of each kind, in order; not those of the counter, which `counters` tell. */
  findings: StreamFinding[];
  /** The producer's numbers as they came, in runs: first, last, first, last, … */
  counters: number[];
  /** Stored links of `keepLinks` and of the expected records that were found. */
  links: Map<number, Uint8Array>;
  /** Positions at which the expected bytes stand. */
  copies: number[];
  /** Records whose entry in the log was compared. */
  entries: number;
}

/** Signatures that wait for the host's verifier at once. */
const IN_FLIGHT = 256;
const FINDINGS_OF_A_KIND = 20;

const SEQUENCE_CODES = new Set<string>(['seq_gap', 'seq_repeated']);

/**
 * Checks the records of a part as they come. A source that gives more records than the part has is cut short.
 * @throws what `records` throws
 */
export async function verifyRange(
  job: RangeJob,
  records: AsyncIterable<ChainRecord>,
  tell: { record?: (bytes: number) => void } = {},
): Promise<RangeReport> {
  const { stream, from, to, expected, leaves } = job;
  const chain = createChainWalk({ stream, fromPosition: from - 1, fromLink: null, keys: job.keys });
  const keep = new Set(job.keepLinks);
  const report: RangeReport = {
    joint: null,
    last: null,
    records: 0,
    bytes: 0,
    findings: [],
    counters: [],
    links: new Map(),
    copies: [],
    entries: 0,
  };
  const note = createFindingList(report.findings);
  const inFlight = createInFlight(IN_FLIGHT);
  for await (const record of records) {
    const room = inFlight.add(
      chain.push(record).then((found) => {
        for (const finding of found) if (!SEQUENCE_CODES.has(finding.code)) note(finding);
      }),
    );
    // The walk has read the counter and the link of this record by the time `push` returns.
    const { seq } = chain.state();
    if (seq !== undefined) addToRuns(report.counters, seq);
    const { position, bytes, link } = record;
    report.records++;
    report.bytes += bytes.length;
    report.last = { position, link };
    if (keep.has(position)) report.links.set(position, link);
    const copy = expected?.get(position);
    if (copy !== undefined && equalBytes(copy, bytes)) {
      report.copies.push(position);
      report.links.set(position, link);
    }
    const at = (position - from) * HASH_BYTES;
    if (leaves && at >= 0 && at < leaves.length) {
      report.entries++;
      const finding = findEntry(stream, record, leaves.subarray(at, at + HASH_BYTES));
      if (finding) note(finding);
    }
    tell.record?.(bytes.length);
    await room;
    if (report.records > to - from) break;
  }
  await inFlight.drain();
  report.joint = chain.joint() ?? null;
  report.findings.sort((a, b) => (a.where.position ?? 0) - (b.where.position ?? 0));
  return report;
}

/** The log's leaf for a record, rebuilt from the stored link. */
function findEntry(stream: string, record: ChainRecord, leaf: Uint8Array): StreamFinding | undefined {
  const { position, link } = record;
  const computed =
    link.length === LINK_BYTES ? leafHash(formatEntry({ stream, position, link })) : new Uint8Array(0);
  if (equalBytes(computed, leaf)) return undefined;
  return {
    code: 'entry_mismatch',
    where: { stream, position },
    expected: formatHex(leaf),
    computed: formatHex(computed),
  };
}

function addToRuns(runs: number[], seq: number): void {
  if (runs.length > 0 && runs[runs.length - 1] === seq - 1) runs[runs.length - 1] = seq;
  else runs.push(seq, seq);
}

/** Keeps the first few findings of each kind, so that a wholly broken stream stays a short list with nothing missing. */
export function createFindingList(list: StreamFinding[]): (finding: StreamFinding) => void {
  const counts = new Map<string, number>();
  return (finding) => {
    const count = counts.get(finding.code) ?? 0;
    counts.set(finding.code, count + 1);
    if (count < FINDINGS_OF_A_KIND) list.push(finding);
  };
}
