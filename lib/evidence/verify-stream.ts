import { formatHex } from '@/lib/core/encoding';
import type { Check } from '@/lib/integrity/check';
import type { EnvelopeKey } from '@/lib/integrity/dsse';
import { HASH_BYTES } from '@/lib/integrity/merkle';
import type { EvidenceSource, VerifiedPoint } from './evidence-source';
import { JoinedStream } from './joined-stream';
import { createLocalLane, type LocalLane, type RangeLanes } from './local-lane';
import type { RangeJob, RangeReport, StreamFinding } from './verify-range';

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
  /** What the log holds for the positions from `from` on: leaf hashes, 32 bytes each, under a root that was rebuilt. */
  entries?: { from: number; leaves: Uint8Array };
}

export interface StreamProgress {
  stream: string;
  done: number;
  total: number;
  bytes: number;
}

export interface StreamReport {
  /** `chain.signature`, `chain.link`, `chain.seq`, `chain.copy` when records were expected, `chain.entry` with entries. */
  checks: Check[];
  findings: StreamFinding[];
  records: number;
  bytes: number;
  /** Links of the expected records and of those in `keepLinks`. */
  links: Map<number, Uint8Array>;
  /** Where to go on later; only when everything up to it is VALID. */
  points: VerifiedPoint[];
  /** Numbers of the producer that came after greater ones. */
  late: { from: number; to: number }[];
}

/** A part; a point is remembered after each, so that an old record need not be walked to from the start. */
const RANGE_RECORDS = 1_000;

/** Parts without a record, one after the other, after which nothing more is expected: an end that is far off is a lie. */
const MOST_EMPTY = 100;

/**
 * Walks a stream record by record to `to`: every signature, every link, the producer's counter, that expected records
 * are the ones that stand there, and that the log's entries are of these links. The parts are checked here one after the
 * other, or side by side in `lanes`; joined end to end they answer the same. Findings are told as they are found.
 * @throws what the source throws, and the signal's reason when cancelled
 */
export async function verifyStream(
  walk: StreamWalk,
  source: Pick<EvidenceSource, 'records'>,
  tell: {
    progress?: (progress: StreamProgress) => void;
    finding?: (finding: StreamFinding) => void;
    points?: (points: readonly VerifiedPoint[]) => void;
    signal?: AbortSignal;
    lanes?: RangeLanes;
  } = {},
): Promise<StreamReport> {
  const { stream, to, start } = walk;
  const from = start?.position ?? 0;
  // What fits one part is not worth a worker.
  const pool = tell.lanes && to - from > (tell.lanes.rangeRecords ?? RANGE_RECORDS) ? tell.lanes : null;
  const local = pool ? null : createLocalLane(source, stream, to, tell.signal);
  const lanes = pool ?? (local as LocalLane);
  const joined = new JoinedStream(walk, tell.finding);
  const progress = { done: 0, bytes: 0 };
  const count = (records: number, bytes: number) => {
    progress.done += records;
    progress.bytes += bytes;
    tell.progress?.({ stream, total: to - from, ...progress });
  };
  const under: Promise<RangeReport>[] = [];
  let empty = 0;
  const jobs = rangesOf(walk, from, lanes.rangeRecords ?? RANGE_RECORDS);
  try {
    for (const job of jobs) {
      tell.signal?.throwIfAborted();
      const running = lanes.verifyRange(job, { records: count });
      // A failure is thrown when its turn comes; until then it must not count as unheard.
      running.catch(() => {});
      under.push(running);
      if (under.length >= lanes.width) await takeFirst();
      if (empty >= MOST_EMPTY) break;
    }
    while (under.length > 0) await takeFirst();
  } finally {
    await local?.close();
  }
  return joined.finish();

  async function takeFirst(): Promise<void> {
    const report = await (under.shift() as Promise<RangeReport>);
    empty = report.records === 0 ? empty + 1 : 0;
    tell.signal?.throwIfAborted();
    const point = joined.add(report);
    if (point) tell.points?.([point]);
  }
}

/** The parts of a walk, ending at round positions and at those where the log's entries end. */
function* rangesOf(walk: StreamWalk, after: number, size: number): Generator<RangeJob> {
  const { stream, to, keys, entries } = walk;
  const entriesEnd = entries ? entries.from + entries.leaves.length / HASH_BYTES - 1 : 0;
  for (let from = after + 1; from <= to; ) {
    let last = Math.min(to, Math.ceil(from / size) * size);
    if (from <= entriesEnd && last > entriesEnd) last = entriesEnd;
    const within = (position: number) => position >= from && position <= last;
    const expected = [...(walk.expected ?? [])].filter(([position]) => within(position));
    yield {
      stream,
      from,
      to: last,
      keys,
      ...(expected.length > 0 && { expected: new Map(expected) }),
      ...(walk.keepLinks && { keepLinks: [...walk.keepLinks].filter(within) }),
      ...(entries &&
        from >= entries.from &&
        last <= entriesEnd && {
          leaves: entries.leaves.slice(
            (from - entries.from) * HASH_BYTES,
            (last - entries.from + 1) * HASH_BYTES,
          ),
        }),
    };
    from = last + 1;
  }
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
