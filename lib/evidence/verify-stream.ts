import { equalBytes } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { genesisLink } from '@/lib/integrity/chain';
import type { Check } from '@/lib/integrity/check';
import type { EnvelopeKey } from '@/lib/integrity/dsse';
import { type ChainFinding, createChainWalk } from '@/lib/integrity/walk-chain';
import type { EvidenceSource, VerifiedPoint } from './evidence-source';
import { SequenceLedger } from './sequence-ledger';

export interface StreamWalk {
  stream: string;
  /** Last position to walk to. */
  to: number;
  keys: readonly EnvelopeKey[];
  /** A point verified earlier; null walks from the stream's start. */
  start: VerifiedPoint | null;
  /** Records that were handed over elsewhere: the stream must hold these very bytes. */
  expected?: ReadonlyMap<number, Uint8Array>;
  /** Positions whose links are wanted for the log. */
  keepLinks?: ReadonlySet<number>;
}

export interface StreamProgress {
  stream: string;
  done: number;
  total: number;
  bytes: number;
}

export interface StreamReport {
  /** `chain.signature`, `chain.seq`, `chain.link`, and `chain.copy` when records were expected. */
  checks: Check[];
  findings: ChainFinding[];
  records: number;
  bytes: number;
  /** Links of the expected records and of those in `keepLinks`. */
  links: Map<number, Uint8Array>;
  /** Where to go on later; only when everything up to it is VALID. */
  points: VerifiedPoint[];
}

const IN_FLIGHT = 64;
/** A point is remembered at least this often, so that an old record need not be walked to from the start. */
const POINT_EVERY = 1_000;
const MAX_FINDINGS = 100;

const SEQUENCE_CODES = new Set(['seq_gap', 'seq_repeated']);

/**
 * Walks a stream record by record to `to`: every signature, every link, the producer's counter, and that expected
 * records are the ones that stand there. Findings are told as they are found.
 * @throws what the source throws, and the signal's reason when cancelled
 */
export async function verifyStream(
  walk: StreamWalk,
  source: Pick<EvidenceSource, 'records'>,
  tell: {
    progress?: (progress: StreamProgress) => void;
    finding?: (finding: ChainFinding) => void;
    signal?: AbortSignal;
  } = {},
): Promise<StreamReport> {
  const { stream, to, start } = walk;
  const from = start?.position ?? 0;
  const chain = createChainWalk({
    stream,
    fromPosition: from,
    fromLink: start?.link ?? genesisLink(stream),
    keys: walk.keys,
  });
  const ledger = new SequenceLedger(start?.sequence);
  const findings: ChainFinding[] = [];
  const points: VerifiedPoint[] = [];
  const links = new Map<number, Uint8Array>();
  const seen = new Set<number>();
  const inFlight = new Set<Promise<void>>();
  let records = 0;
  let bytes = 0;
  let reached = from;

  const note = (found: readonly ChainFinding[]) => {
    for (const finding of found) {
      if (SEQUENCE_CODES.has(finding.code)) continue;
      if (findings.length < MAX_FINDINGS) findings.push(finding);
      tell.finding?.(finding);
    }
  };

  for await (const record of source.records(stream, from + 1, to)) {
    tell.signal?.throwIfAborted();
    const pushed = chain.push(record).then(note);
    inFlight.add(pushed);
    pushed.finally(() => inFlight.delete(pushed));
    if (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
    // The walk has read the counter of this record by the time `push` returns.
    const { seq } = chain.state();
    if (seq !== undefined) ledger.add(seq);
    records++;
    bytes += record.bytes.length;
    reached = record.position;
    if (walk.keepLinks?.has(record.position)) links.set(record.position, record.link);
    const copy = walk.expected?.get(record.position);
    if (copy !== undefined && equalBytes(copy, record.bytes)) {
      seen.add(record.position);
      links.set(record.position, record.link);
    }
    if (record.position % POINT_EVERY === 0 || record.position === to) {
      await Promise.all(inFlight);
      if (findings.length === 0) {
        points.push({ position: record.position, link: record.link, sequence: ledger.state() });
      }
      tell.progress?.({ stream, done: records, total: to - from, bytes });
    } else if (records % 100 === 0) tell.progress?.({ stream, done: records, total: to - from, bytes });
  }
  await Promise.all(inFlight);
  const summary = await chain.finish();
  if (reached < to) {
    const missing: ChainFinding = {
      code: 'position_gap',
      where: { stream, position: reached + 1 },
      expected: String(to),
      computed: String(reached),
    };
    note([missing]);
  }
  const origin = start ? `from record ${from + 1}, verified here before,` : "from the stream's start";
  const checks = [
    signatureCheck(summary, walk.keys, records),
    linkCheck(summary, findings, stream, origin, records),
    sequenceCheck(ledger, findings, stream, records),
  ];
  if (walk.expected) checks.push(copyCheck(stream, walk.expected, seen));
  return { checks, findings, records, bytes, links, points };
}

const figure = (n: number) => n.toLocaleString('en');

function signatureCheck(summary: readonly Check[], keys: readonly EnvelopeKey[], records: number): Check {
  const found = summary.find(({ id }) => id === 'chain.signature') as Check;
  return {
    ...found,
    title: 'Signatures',
    compared: `${figure(records)} records, each against the Ed25519 keys registered for its producer`,
    key: keys.map(({ keyid }) => keyid).join(', '),
  };
}

function linkCheck(
  summary: readonly Check[],
  findings: readonly ChainFinding[],
  stream: string,
  origin: string,
  records: number,
): Check {
  const found = summary.find(({ id }) => id === 'chain.link') as Check;
  const first = findings.find(({ code }) => code === 'position_gap' || code === 'link_mismatch');
  const compared = `${figure(records)} links ${origin} recomputed as BLAKE2b-512 over the link before, the position and the record`;
  if (found.verdict !== 'invalid' && first)
    return { ...found, title: 'Chain', verdict: 'invalid', compared, ...first };
  return { ...found, title: 'Chain', compared, where: found.where ?? { stream } };
}

function sequenceCheck(
  ledger: SequenceLedger,
  findings: readonly ChainFinding[],
  stream: string,
  records: number,
): Check {
  const base = {
    id: 'chain.seq',
    title: 'Position',
    compared: `${figure(records)} signed counters: no hole, no repeat`,
  };
  const misplaced = findings.find(({ code }) => code === 'stream_mismatch' || code === 'payload_syntax');
  if (misplaced) return { ...base, verdict: 'invalid', ...misplaced };
  const { last, holes } = ledger.state();
  const hole = holes[0];
  if (hole) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'seq_gap',
      where: { stream },
      compared: `the producer signed ${figure(last)} records; ${hole.from === hole.to ? `number ${hole.from}` : `numbers ${hole.from} to ${hole.to}`} never arrived`,
      expected: String(hole.from),
    };
  }
  if (ledger.repeated.length > 0) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'seq_repeated',
      where: { stream },
      computed: String(ledger.repeated[0]),
    };
  }
  if (records === 0)
    return { ...base, verdict: 'not-checked', where: { stream }, reason: 'no records were given' };
  return { ...base, verdict: 'valid', where: { stream } };
}

function copyCheck(
  stream: string,
  expected: ReadonlyMap<number, Uint8Array>,
  seen: ReadonlySet<number>,
): Check {
  const base = {
    id: 'chain.copy',
    title: 'Copy',
    compared: 'the record shown on this page with the one in the stream, byte by byte',
  };
  const absent = [...expected.keys()].find((position) => !seen.has(position));
  if (absent === undefined) return { ...base, verdict: 'valid', where: { stream } };
  return { ...base, verdict: 'invalid', code: 'copy_differs', where: { stream, position: absent } };
}

/** The last remembered point before a position; null walks from the start. */
export function pointBefore(points: readonly VerifiedPoint[], position: number): VerifiedPoint | null {
  let best: VerifiedPoint | null = null;
  for (const point of points) {
    if (point.position < position && point.position > (best?.position ?? 0)) best = point;
  }
  return best;
}

/** Hex of a link for showing. */
export function formatLink(link: Uint8Array): string {
  return `blake2b-512:${formatHex(link)}`;
}
