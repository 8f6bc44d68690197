/**
 * "Verify everything" of one organisation: the log's checkpoint, that it only grew since the one remembered here, the
 * whole log rebuilt from its entries, and every stream record by record with the log's entries of it.
 */
import { equalBytes } from '@/lib/core/bytes';
import { formatHex, parseBase64url } from '@/lib/core/encoding';
import type { Check } from '@/lib/integrity/check';
import type { VerifiedCheckpoint } from '@/lib/integrity/checkpoint';
import {
  type EvidenceSource,
  type LogPoint,
  type LogSource,
  type RememberedCheckpoint,
  unavailable,
  type VerifiedPoint,
} from './evidence-source';
import type { RangeLanes } from './local-lane';
import type { SequenceHole } from './sequence-ledger';
import type { TenantMaterial } from './verification-material';
import { checkCheckpoint, checkConsistency, type LogTrust } from './verify-log';
import type { StreamFinding } from './verify-range';
import { type StreamProgress, verifyStream } from './verify-stream';
import { type LeafLanes, type TreeReport, verifyTree } from './verify-tree';

export interface EverythingMemory {
  points: ReadonlyMap<string, readonly VerifiedPoint[]>;
  checkpoint: RememberedCheckpoint | null;
  log: LogPoint | null;
}

export interface StreamResult {
  stream: string;
  /** Records read in this run. */
  records: number;
  checks: Check[];
  /** Numbers of the producer that came after greater ones. */
  late: readonly SequenceHole[];
}

export interface EverythingOptions {
  /** Now, for what is remembered. */
  nowMs: number;
  memory: EverythingMemory;
  /** Reads everything again, whatever is remembered; what is remembered must still be so. */
  fromStart: boolean;
  lanes?: RangeLanes & LeafLanes;
  signal?: AbortSignal;
  /** What is being worked on: the log's name or a stream. */
  running?: (name: string) => void;
  logProgress?: (progress: { done: number; total: number; bytes: number }) => void;
  progress?: (progress: StreamProgress) => void;
  finding?: (stream: string, finding: StreamFinding) => void;
  log?: (checks: readonly Check[]) => void;
  stream?: (result: StreamResult) => void;
  /** Points to remember at once, so that a run that is stopped goes on where it stood. */
  points?: (stream: string, points: readonly VerifiedPoint[]) => void;
}

export interface EverythingReport {
  log: Check[];
  streams: StreamResult[];
  /** Every line VALID, but for a first run that has no earlier checkpoint to compare with. */
  whole: boolean;
  /** What to remember; null unless everything that it rests on was VALID. */
  checkpoint: RememberedCheckpoint | null;
  point: LogPoint | null;
}

/** @throws only the signal's reason when cancelled; what cannot be fetched is a line that is NOT CHECKED */
export async function verifyEverything(
  material: TenantMaterial,
  source: Pick<EvidenceSource, 'records'> & LogSource,
  options: EverythingOptions,
): Promise<EverythingReport> {
  const { signal } = options;
  const starts = options.fromStart
    ? { points: new Map<string, VerifiedPoint>(), log: null }
    : chooseStarts(material, options.memory);
  const log = material.log ? await verifyLog(material.log, material, source, starts.log, options) : null;
  const streams: StreamResult[] = [];
  for (const { stream, head, keys } of material.streams) {
    signal?.throwIfAborted();
    options.running?.(stream);
    const start = starts.points.get(stream) ?? null;
    const known = lastPoint(options.memory.points.get(stream) ?? []);
    const entries = log?.tree ? entriesAfter(log.tree, stream, start) : undefined;
    const to = Math.max(head, entries ? entries.from + entries.leaves.length / 32 - 1 : 0);
    let result: StreamResult;
    try {
      const report = await verifyStream(
        {
          stream,
          to,
          keys: keys.flatMap(({ keyid, publicKey }) => {
            const bytes = parseBase64url(publicKey);
            return bytes.ok ? [{ keyid, publicKey: bytes.value }] : [];
          }),
          start,
          ...(entries && { entries }),
          ...(known && { keepLinks: new Set([known.position]) }),
        },
        source,
        {
          ...(options.progress && { progress: options.progress }),
          ...(options.lanes && { lanes: options.lanes }),
          ...(signal && { signal }),
          finding: (finding) => options.finding?.(stream, finding),
          points: (points) => options.points?.(stream, points),
        },
      );
      const checks = start && start.position >= to ? [nothingNew(stream, start)] : report.checks;
      if (known && known.position > (start?.position ?? 0))
        checks.push(checkKnown(stream, known, report.links.get(known.position)));
      if (material.log && !entries) checks.push(notCompared(stream, log?.tree ?? null));
      result = { stream, records: report.records, checks, late: report.late };
    } catch (error) {
      signal?.throwIfAborted();
      result = { stream, records: 0, checks: [unread(stream, error)], late: [] };
    }
    streams.push(result);
    options.stream?.(result);
  }
  const whole = [...(log?.checks ?? []), ...streams.flatMap(({ checks }) => checks)].every(
    ({ verdict, id }) => verdict === 'valid' || (verdict === 'not-checked' && id === 'log.consistency'),
  );
  return {
    log: log?.checks ?? [],
    streams,
    whole,
    checkpoint: log?.remember ?? null,
    point: whole ? (log?.tree?.point ?? null) : null,
  };
}

/**
 * Where to go on: streams from the last point whose entries were compared too, the log from its remembered prefix. The
 * prefix serves only if it followed every one of these streams, none further than its stream's point: what lies between
 * would be compared with nothing.
 */
function chooseStarts(
  material: TenantMaterial,
  memory: EverythingMemory,
): { points: Map<string, VerifiedPoint>; log: LogPoint | null } {
  const points = new Map<string, VerifiedPoint>();
  for (const { stream, head } of material.streams) {
    const usable = (memory.points.get(stream) ?? []).filter(
      ({ position, logged }) => position <= head && (logged === true || material.log === null),
    );
    const last = lastPoint(usable);
    if (last) points.set(stream, last);
  }
  const followed = new Map(memory.log?.positions);
  const serves = material.streams.every(({ stream }) => {
    const position = followed.get(stream);
    return position !== undefined && position <= (points.get(stream)?.position ?? 0);
  });
  return { points, log: serves ? memory.log : null };
}

function lastPoint(points: readonly VerifiedPoint[]): VerifiedPoint | null {
  return points.reduce<VerifiedPoint | null>(
    (best, point) => (best === null || point.position > best.position ? point : best),
    null,
  );
}

async function verifyLog(
  trust: LogTrust,
  material: TenantMaterial,
  source: LogSource,
  start: LogPoint | null,
  options: EverythingOptions,
): Promise<{ checks: Check[]; tree: TreeReport | null; remember: RememberedCheckpoint | null }> {
  const { memory, signal } = options;
  const checks: Check[] = [];
  let tree: TreeReport | null = null;
  let remember: RememberedCheckpoint | null = null;
  options.running?.(trust.origin);
  try {
    const { check, checkpoint } = checkCheckpoint(await source.checkpoint(), trust);
    checks.push(check);
    if (checkpoint) {
      const consistency = await checkConsistency(checkpoint, trust.vkey, memory.checkpoint, source);
      checks.push(consistency);
      const rebuilt = await rebuild(checkpoint, material, source, start, options);
      checks.push(rebuilt.check);
      tree = rebuilt.tree;
      const grew = consistency.verdict === 'valid' || memory.checkpoint === null;
      if (grew && rebuilt.check.verdict === 'valid') {
        const { size, root, origin } = checkpoint;
        remember = { origin, size, root, vkey: trust.vkey, atMs: options.nowMs };
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    checks.push({
      id: 'log.checkpoint',
      title: 'Checkpoint',
      verdict: 'not-checked',
      compared: "the signed tree head with the log's key",
      reason: unavailable(error),
    });
  }
  options.log?.(checks);
  return { checks, tree, remember };
}

async function rebuild(
  checkpoint: VerifiedCheckpoint,
  material: TenantMaterial,
  source: LogSource,
  start: LogPoint | null,
  options: EverythingOptions,
): Promise<{ check: Check; tree: TreeReport | null }> {
  const { size, root } = checkpoint;
  const usable = start && start.size <= size ? start : null;
  try {
    const tree = await verifyTree(
      { size, root, streams: material.streams.map(({ stream }) => stream), start: usable },
      source,
      {
        ...(options.logProgress && { progress: options.logProgress }),
        ...(options.lanes && { lanes: options.lanes }),
        ...(options.signal && { signal: options.signal }),
      },
    );
    return { check: tree.check, tree: tree.check.verdict === 'valid' ? tree : null };
  } catch (error) {
    options.signal?.throwIfAborted();
    return {
      check: {
        id: 'log.root',
        title: 'Whole log',
        verdict: 'not-checked',
        compared: 'every leaf of the log, rebuilt from its entries, with the signed root',
        reason: unavailable(error),
      },
      tree: null,
    };
  }
}

/** The log's entries of a stream from where its walk begins. */
function entriesAfter(
  tree: TreeReport,
  stream: string,
  start: VerifiedPoint | null,
): { from: number; leaves: Uint8Array } | undefined {
  const held = tree.entries.get(stream);
  if (!held) return undefined;
  const skip = (start?.position ?? 0) + 1 - held.from;
  return { from: held.from + skip, leaves: held.leaves.subarray(skip * 32) };
}

/** That the last record that was verified here before still stands where it stood, with all before it. */
function checkKnown(stream: string, known: VerifiedPoint, link: Uint8Array | undefined): Check {
  const base = {
    id: 'chain.remembered',
    title: 'Remembered',
    compared: `the link of record ${known.position.toLocaleString('en')}, which stands for all before it, with the one verified here before`,
    where: { stream, position: known.position },
  };
  if (link && equalBytes(link, known.link)) return { ...base, verdict: 'valid' };
  return {
    ...base,
    verdict: 'invalid',
    code: link ? 'history_changed' : 'stream_shrunk',
    expected: formatHex(known.link),
    ...(link && { computed: formatHex(link) }),
  };
}

function nothingNew(stream: string, start: VerifiedPoint): Check {
  return {
    id: 'chain.link',
    title: 'Chain',
    verdict: 'valid',
    compared: `${start.position.toLocaleString('en')} records were verified here before and are not read again; there is none since`,
    where: { stream },
  };
}

function notCompared(stream: string, tree: TreeReport | null): Check {
  return {
    id: 'chain.entry',
    title: 'Entries',
    verdict: 'not-checked',
    compared: "the stream's records with the log's entries",
    where: { stream },
    reason: tree
      ? 'there are more entries than this browser keeps at once'
      : 'the log could not be rebuilt, so there is nothing to hold them against',
  };
}

function unread(stream: string, error: unknown): Check {
  return {
    id: 'chain.link',
    title: 'Chain',
    verdict: 'not-checked',
    compared: 'the stream record by record',
    where: { stream },
    reason: unavailable(error),
  };
}
