/**
 * One part of the log, rebuilt from its entries: each bundle's leaf hashes folded to the bundle's root, and the entries of
 * the streams that are asked for. Parts are rebuilt side by side; `verifyTree` folds their roots to the signed one.
 */
import { decodeUtf8 } from '@/lib/core/bytes';
import { LINK_BYTES } from '@/lib/integrity/chain';
import { parseEntry } from '@/lib/integrity/entry';
import { HASH_BYTES, leafHash, nodeHash } from '@/lib/integrity/merkle';
import { parseEntryBundle, TILE_WIDTH } from '@/lib/integrity/tile';
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
  broken: { code: 'bundle_syntax' | 'entry_syntax' | 'entry_version'; index: number } | null;
}

/** Bundles asked for before they are needed. */
const AHEAD = 6;

/** @throws what the source throws */
export async function verifyLeaves(
  job: LeafJob,
  source: Pick<LogSource, 'entries'>,
  tell: { leaves?: (count: number, bytes: number) => void } = {},
): Promise<LeafReport> {
  const wanted = new Map(job.streams.map((stream) => [stream, new EntryList(stream)]));
  const roots: Uint8Array[] = [];
  const report: LeafReport = {
    roots: new Uint8Array(0),
    rest: new Uint8Array(0),
    leaves: 0,
    bytes: 0,
    entries: [],
    broken: null,
  };
  const asked: Promise<Uint8Array>[] = [];
  const ask = (n: number) => {
    const answer = source.entries(n, Math.min(TILE_WIDTH, job.size - n * TILE_WIDTH));
    // Thrown when its turn comes; until then it must not count as unheard.
    answer.catch(() => {});
    asked.push(answer);
  };
  const end = job.bundle + job.count;
  for (let n = job.bundle; n < Math.min(end, job.bundle + AHEAD); n++) ask(n);
  for (let n = job.bundle; n < end; n++) {
    const bytes = await (asked.shift() as Promise<Uint8Array>);
    if (n + AHEAD < end) ask(n + AHEAD);
    const width = Math.min(TILE_WIDTH, job.size - n * TILE_WIDTH);
    const read = readBundle(bytes, n * TILE_WIDTH, width, wanted);
    if ('code' in read) {
      report.broken = read;
      break;
    }
    if (width === TILE_WIDTH) roots.push(foldFull(read.leaves));
    else report.rest = joinHashes(read.leaves);
    report.leaves += width;
    report.bytes += bytes.length;
    tell.leaves?.(width, bytes.length);
  }
  report.roots = joinHashes(roots);
  report.entries = [...wanted.values()].flatMap((list) => list.take());
  return report;
}

function readBundle(
  bytes: Uint8Array,
  first: number,
  width: number,
  wanted: ReadonlyMap<string, EntryList>,
): { leaves: Uint8Array[] } | NonNullable<LeafReport['broken']> {
  const bundle = parseEntryBundle(bytes, width);
  if (!bundle.ok) return { code: bundle.code, index: first };
  const leaves: Uint8Array[] = [];
  for (const [i, entry] of bundle.value.entries()) {
    const leaf = leafHash(entry);
    leaves.push(leaf);
    const list = wanted.get(streamOf(entry) ?? '');
    // Entries of other organisations' streams are leaves and nothing more.
    if (!list) continue;
    const parsed = parseEntry(entry);
    if (!parsed.ok) return { code: parsed.code, index: first + i };
    list.add(parsed.value.position, first + i, leaf);
  }
  return { leaves };
}

/** The stream that an entry names, where it has the length of an entry. */
function streamOf(entry: Uint8Array): string | undefined {
  const end = 3 + (((entry[1] as number) << 8) | (entry[2] as number));
  if (entry.length !== end + 8 + LINK_BYTES) return undefined;
  const stream = decodeUtf8(entry.subarray(3, end));
  return stream.ok ? stream.value : undefined;
}

/** Root of a full bundle's leaves. */
function foldFull(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves;
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2)
      next.push(nodeHash(level[i] as Uint8Array, level[i + 1] as Uint8Array));
    level = next;
  }
  return level[0] as Uint8Array;
}

function joinHashes(hashes: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(hashes.length * HASH_BYTES);
  for (const [i, hash] of hashes.entries()) joined.set(hash, i * HASH_BYTES);
  return joined;
}

class EntryList {
  private readonly runs: StreamEntries['runs'] = [];
  private readonly leaves: Uint8Array[] = [];

  constructor(private readonly stream: string) {}

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
