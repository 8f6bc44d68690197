/**
 * One part of the log, rebuilt from its entries: each bundle's leaf hashes folded to the bundle's root, and the entries of
 * the streams that are asked for. Parts are rebuilt side by side; `verifyTree` folds their roots to the signed one.
 */
import { readU64be } from '@/lib/core/bytes';
import { LINK_BYTES } from '@/lib/integrity/chain';
import { formatEntry } from '@/lib/integrity/entry';
import { type BundleFolder, createBundleFolder } from '@/lib/integrity/fold-bundle';
import { HASH_BYTES } from '@/lib/integrity/merkle';
import { TILE_WIDTH } from '@/lib/integrity/tile';
import type { LogSource } from './evidence-source';

export interface LeafJob {
  /** Number of the first bundle, and how many. A bundle has 256 entries, the last one of a log perhaps fewer. */
  bundle: number;
  count: number;
  /** Entries of the log. */
  size: number;
  /** Streams whose entries are wanted. */
  streams: readonly string[];
}

/** Entries of one stream in the order of the log. */
export interface StreamEntries {
  stream: string;
  /** Positions in runs: `index` is the leaf of the run's first entry. */
  runs: { from: number; count: number; index: number }[];
  /** Their leaf hashes, 32 bytes each, one after the other. */
  leaves: Uint8Array;
}

export interface LeafReport {
  /** Roots of the full bundles, 32 bytes each. */
  roots: Uint8Array;
  /** Leaf hashes of a last bundle that is not full. */
  rest: Uint8Array;
  leaves: number;
  bytes: number;
  entries: StreamEntries[];
  /** The first bundle or entry that has not the form of one; nothing after it was read. */
  broken: { code: 'bundle_syntax' | 'entry_syntax'; index: number } | null;
}

/** Bundles asked for before they are needed, where they come one by one. */
const AHEAD = 6;
/** An entry's version and the length of its stream's name. */
const HEAD_BYTES = 3;

/** @throws what the source throws */
export async function verifyLeaves(
  job: LeafJob,
  source: Pick<LogSource, 'entries' | 'bundles'>,
  tell: { leaves?: (count: number, bytes: number) => void } = {},
): Promise<LeafReport> {
  const wanted = new WantedStreams(job.streams);
  const roots: Uint8Array[] = [];
  const report: LeafReport = {
    roots: new Uint8Array(0),
    rest: new Uint8Array(0),
    leaves: 0,
    bytes: 0,
    entries: [],
    broken: null,
  };
  let told = 0;
  const folder = createBundleFolder();
  let n = job.bundle;
  for await (const bytes of bundlesOf(job, source)) {
    report.bytes += bytes.length;
    let offset: number | undefined = 0;
    while (offset !== undefined && offset < bytes.length && n < job.bundle + job.count) {
      const width = Math.min(TILE_WIDTH, job.size - n * TILE_WIDTH);
      const first = n * TILE_WIDTH;
      offset = folder.fold(bytes, offset, width);
      report.broken =
        offset === undefined
          ? { code: 'bundle_syntax', index: first }
          : wanted.take(bytes, folder, first, width);
      if (report.broken) break;
      if (width === TILE_WIDTH) roots.push(folder.root());
      else report.rest = joinHashes(Array.from({ length: width }, (_, i) => folder.leaf(i)));
      report.leaves += width;
      n++;
    }
    // Nothing may follow the bundles that were asked for.
    if (!report.broken && offset !== bytes.length)
      report.broken = { code: 'bundle_syntax', index: n * TILE_WIDTH };
    tell.leaves?.(report.leaves - told, bytes.length);
    told = report.leaves;
    if (report.broken) break;
  }
  if (!report.broken && n < job.bundle + job.count)
    report.broken = { code: 'bundle_syntax', index: n * TILE_WIDTH };
  report.roots = joinHashes(roots);
  report.entries = wanted.entries();
  return report;
}

/** The part's bundles in order, several at a time where the source gives them so. */
async function* bundlesOf(
  { bundle, count, size }: LeafJob,
  source: Pick<LogSource, 'entries' | 'bundles'>,
): AsyncGenerator<Uint8Array> {
  if (source.bundles && (bundle + count) * TILE_WIDTH <= size) {
    yield await source.bundles(bundle, count);
    return;
  }
  const asked: Promise<Uint8Array>[] = [];
  const end = bundle + count;
  let next = bundle;
  for (let n = bundle; n < end; n++) {
    for (; next < Math.min(end, n + AHEAD); next++) {
      const answer = source.entries(next, Math.min(TILE_WIDTH, size - next * TILE_WIDTH));
      // Thrown when its turn comes; until then it must not count as unheard.
      answer.catch(() => {});
      asked.push(answer);
    }
    yield await (asked.shift() as Promise<Uint8Array>);
  }
}

function joinHashes(hashes: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(hashes.length * HASH_BYTES);
  for (const [i, hash] of hashes.entries()) joined.set(hash, i * HASH_BYTES);
  return joined;
}

/** Picks the entries of some streams out of bundles by the bytes with which each begins. */
class WantedStreams {
  private readonly byHash = new Map<number, EntryList[]>();

  constructor(streams: readonly string[]) {
    for (const stream of streams) {
      const list = new EntryList(stream);
      const hash = hashBytes(list.head, 0, list.head.length);
      this.byHash.set(hash, [...(this.byHash.get(hash) ?? []), list]);
    }
  }

  /** @returns the first entry that begins as one of these streams' and is not one */
  take(bytes: Uint8Array, folder: BundleFolder, first: number, width: number): LeafReport['broken'] {
    for (let i = 0; i < width; i++) {
      const { from, to } = folder.entry(i);
      // Entries of other organisations' streams are leaves and nothing more.
      const list = this.find(bytes, from, to);
      if (!list) continue;
      const position = readU64be(bytes, from + list.head.length);
      if (to - from !== list.head.length + 8 + LINK_BYTES || !position.ok || position.value < 1)
        return { code: 'entry_syntax', index: first + i };
      list.add(position.value, first + i, folder.leaf(i));
    }
    return null;
  }

  private find(bytes: Uint8Array, from: number, to: number): EntryList | undefined {
    const end = from + HEAD_BYTES + (((bytes[from + 1] as number) << 8) | (bytes[from + 2] as number));
    if (end > to) return undefined;
    return this.byHash
      .get(hashBytes(bytes, from, end))
      ?.find(({ head }) => head.length === end - from && head.every((byte, i) => byte === bytes[from + i]));
  }

  entries(): StreamEntries[] {
    return [...this.byHash.values()].flat().flatMap((list) => list.take());
  }
}

/** FNV-1a: only to find a stream among a few; the bytes themselves are compared. */
function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash;
}

class EntryList {
  /** What each entry of the stream begins with. */
  readonly head: Uint8Array;
  private readonly runs: StreamEntries['runs'] = [];
  private readonly leaves: Uint8Array[] = [];

  constructor(private readonly stream: string) {
    const sample = formatEntry({ stream, position: 1, link: new Uint8Array(LINK_BYTES) });
    this.head = sample.subarray(0, sample.length - 8 - LINK_BYTES);
  }

  add(position: number, index: number, leaf: Uint8Array): void {
    const run = this.runs.at(-1);
    if (run && run.from + run.count === position) run.count++;
    else this.runs.push({ from: position, count: 1, index });
    this.leaves.push(leaf);
  }

  take(): StreamEntries[] {
    const { stream, runs, leaves } = this;
    return leaves.length === 0 ? [] : [{ stream, runs, leaves: joinHashes(leaves) }];
  }
}
