import { formatHex } from '@/lib/core/encoding';
import type { Check } from '@/lib/integrity/check';
import { appendLeaves, type Edge, EMPTY_EDGE } from '@/lib/integrity/edge';
import { foldRight, HASH_BYTES } from '@/lib/integrity/merkle';
import { TILE_WIDTH } from '@/lib/integrity/tile';
import type { LogPoint, LogSource } from './evidence-source';
import { type LeafJob, type LeafReport, type StreamEntries, verifyLeaves } from './verify-leaves';

/** Who rebuilds parts of the log side by side: the workers of a pool. */
export interface LeafLanes {
  readonly width: number;
  verifyLeaves(job: LeafJob, tell: { leaves: (count: number, bytes: number) => void }): Promise<LeafReport>;
}

export interface TreeReport {
  check: Check;
  /** Where to go on later; only when the root is the signed one. */
  point: LogPoint | null;
  /** Leaf hashes of each stream's entries after the point it began from; only when the root is the signed one. */
  entries: Map<string, { from: number; leaves: Uint8Array }>;
  leaves: number;
  bytes: number;
}

/** Bundles of one part: 16,384 entries. */
const PART_BUNDLES = 64;
/** Entries kept for comparing with their records, 32 bytes each; of a stream that goes beyond it none are. */
const MOST_ENTRIES = 6_000_000;

const figure = (n: number) => n.toLocaleString('en');

/**
 * Rebuilds the whole log from its entries, or from a point verified earlier on, and holds the root against the signed
 * one. Entries of `streams` must come in the order of their positions, none missing.
 * @throws what the source or the lanes throw, and the signal's reason when cancelled
 */
export async function verifyTree(
  walk: {
    size: number;
    root: Uint8Array;
    streams: readonly string[];
    start: LogPoint | null;
  },
  source: Pick<LogSource, 'entries' | 'bundles'>,
  tell: {
    progress?: (progress: { done: number; total: number; bytes: number }) => void;
    signal?: AbortSignal;
    lanes?: LeafLanes;
  } = {},
): Promise<TreeReport> {
  const { size, root, streams, start } = walk;
  const from = start?.size ?? 0;
  // What fits one part is not worth a worker.
  const pool = size - from > PART_BUNDLES * TILE_WIDTH ? tell.lanes : undefined;
  const lanes = pool ?? {
    width: 1,
    verifyLeaves: (job: LeafJob, options: Parameters<LeafLanes['verifyLeaves']>[1]) =>
      verifyLeaves(job, source, options),
  };
  const rebuilt = new RebuiltTree(start, streams);
  const progress = { done: 0, bytes: 0 };
  const count = (leaves: number, bytes: number) => {
    progress.done += leaves;
    progress.bytes += bytes;
    tell.progress?.({ total: size - from, ...progress });
  };
  const under: Promise<LeafReport>[] = [];
  for (const job of partsOf(from, size, streams)) {
    tell.signal?.throwIfAborted();
    const running = lanes.verifyLeaves(job, { leaves: count });
    running.catch(() => {});
    under.push(running);
    if (under.length >= lanes.width) rebuilt.add(await (under.shift() as Promise<LeafReport>));
  }
  while (under.length > 0) rebuilt.add(await (under.shift() as Promise<LeafReport>));
  tell.signal?.throwIfAborted();
  return { ...rebuilt.finish(size, root, from), leaves: progress.done, bytes: progress.bytes };
}

/** Parts of full bundles, and the last bundle by itself when it is not full. */
function* partsOf(from: number, size: number, streams: readonly string[]): Generator<LeafJob> {
  const full = Math.floor(size / TILE_WIDTH);
  for (let bundle = from / TILE_WIDTH; bundle < full; bundle += PART_BUNDLES)
    yield { bundle, count: Math.min(PART_BUNDLES, full - bundle), size, streams };
  if (size % TILE_WIDTH > 0) yield { bundle: full, count: 1, size, streams };
}

class RebuiltTree {
  /** Over the roots of full bundles: the tree above them is the same. */
  private edge: Edge;
  private rest: Edge = EMPTY_EDGE;
  private readonly cursors: Map<string, number>;
  private readonly kept = new Map<string, { from: number; parts: Uint8Array[] }>();
  private readonly dropped = new Set<string>();
  private keptCount = 0;
  /** Cursors before the last, partial bundle, from which a later walk goes on. */
  private fullCursors: Map<string, number>;
  private wrong: Pick<Check, 'code' | 'where' | 'expected' | 'computed'> | null = null;

  constructor(start: LogPoint | null, streams: readonly string[]) {
    this.edge = start ? { size: start.size / TILE_WIDTH, hashes: start.hashes } : EMPTY_EDGE;
    const known = new Map(start?.positions);
    this.cursors = new Map(streams.map((stream) => [stream, known.get(stream) ?? 0]));
    this.fullCursors = new Map(this.cursors);
    for (const [stream, position] of this.cursors) this.kept.set(stream, { from: position + 1, parts: [] });
  }

  add(report: LeafReport): void {
    if (this.wrong) return;
    if (report.broken) {
      this.wrong = { code: report.broken.code, where: { index: report.broken.index } };
      return;
    }
    for (const entries of report.entries) this.take(entries);
    this.edge = appendLeaves(this.edge, hashesOf(report.roots));
    if (report.rest.length > 0) this.rest = appendLeaves(EMPTY_EDGE, hashesOf(report.rest));
    else this.fullCursors = new Map(this.cursors);
  }

  private take({ stream, runs, leaves }: StreamEntries): void {
    for (const { from, count, index } of runs) {
      const expected = (this.cursors.get(stream) ?? 0) + 1;
      if (from !== expected) {
        this.wrong ??= {
          code: 'entry_order',
          where: { stream, position: from, index },
          expected: String(expected),
          computed: String(from),
        };
      }
      this.cursors.set(stream, from + count - 1);
    }
    const kept = this.kept.get(stream);
    if (!kept || this.dropped.has(stream)) return;
    kept.parts.push(leaves);
    this.keptCount += leaves.length / HASH_BYTES;
    if (this.keptCount <= MOST_ENTRIES) return;
    this.keptCount -= kept.parts.reduce((n, part) => n + part.length / HASH_BYTES, 0);
    this.kept.delete(stream);
    this.dropped.add(stream);
  }

  finish(size: number, root: Uint8Array, from: number): Pick<TreeReport, 'check' | 'point' | 'entries'> {
    const origin = from === 0 ? 'from the first' : `from leaf ${figure(from)}, verified here before,`;
    const base = {
      id: 'log.root',
      title: 'Whole log',
      compared: `${figure(size - from)} leaves ${origin} rebuilt from the log's own entries, and their root with the signed one`,
    };
    const computed = foldRight([...this.edge.hashes, ...this.rest.hashes]);
    const wrong =
      this.wrong ??
      (formatHex(computed) === formatHex(root)
        ? null
        : { code: 'root_mismatch', expected: formatHex(root), computed: formatHex(computed) });
    if (wrong) return { check: { ...base, verdict: 'invalid', ...wrong }, point: null, entries: new Map() };
    const entries = new Map(
      [...this.kept].map(([stream, { from: first, parts }]) => [
        stream,
        { from: first, leaves: join(parts) },
      ]),
    );
    const point = {
      size: this.edge.size * TILE_WIDTH,
      hashes: [...this.edge.hashes],
      positions: [...this.fullCursors],
    };
    return { check: { ...base, verdict: 'valid' }, point, entries };
  }
}

function hashesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
