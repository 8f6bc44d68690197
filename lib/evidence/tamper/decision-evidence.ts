import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import { formatTilePath, type Tile } from '@/lib/integrity/tile';
import type { ChainRecord } from '@/lib/integrity/walk-chain';
import type {
  EvidenceSource,
  InclusionEvidence,
  RememberedCheckpoint,
  VerifiedPoint,
  WitnessEvidence,
} from '../evidence-source';
import type { DecisionMaterial } from '../verification-material';
import { verifyDecision } from '../verify-decision';
import { pointOf, readRecords } from './read-records';

/** Everything that the checks of one decision read, in memory. */
export interface DecisionEvidence {
  detail: DecisionDetail;
  material: DecisionMaterial;
  /** Records by stream, from shortly before the first that tells of the decision; `start` is the record before them. */
  streams: readonly { stream: string; start: VerifiedPoint | null; records: readonly ChainRecord[] }[];
  inclusions: readonly { stream: string; position: number; evidence: InclusionEvidence }[];
  tiles: readonly { tile: Tile; bytes: Uint8Array }[];
  witnesses: readonly WitnessEvidence[];
  remembered: RememberedCheckpoint | null;
  nowMs: number;
}

/** Records before the first one of interest that are held too, so that a neighbour can be changed as well. */
const NEIGHBOURS = 5;
/** Beyond this the records of one decision lie too far apart to be held at once. */
const MOST_RECORDS = 20_000;

/**
 * Reads what the checks of a decision read, from its own source, as it is now.
 * @throws what the source throws, and Error when the records of the decision lie too far apart
 */
export async function captureDecision(
  detail: DecisionDetail,
  material: DecisionMaterial,
  source: EvidenceSource,
  given: { remembered: RememberedCheckpoint | null; nowMs: number },
): Promise<DecisionEvidence> {
  const places = new Map<string, { first: number; last: number }>();
  for (const { stream, position } of [...(detail.record ? [detail.record] : []), ...detail.related]) {
    const { first, last } = places.get(stream) ?? { first: position, last: position };
    places.set(stream, { first: Math.min(first, position), last: Math.max(last, position) });
  }
  const streams = await Promise.all(
    [...places].map(async ([stream, { first, last }]) => {
      const before = Math.max(0, first - 1 - NEIGHBOURS);
      if (last - before > MOST_RECORDS)
        throw new Error('the records of this decision lie too far apart in their stream to be tried here');
      const records = await readRecords(source, stream, Math.max(1, before), last);
      const start = before === 0 ? null : pointOf(records.shift());
      return { stream, start, records };
    }),
  );
  const evidence = { detail, material, streams, remembered: given.remembered, nowMs: given.nowMs };
  const inclusions: DecisionEvidence['inclusions'][number][] = [];
  const tiles: DecisionEvidence['tiles'][number][] = [];
  const witnesses: WitnessEvidence[] = [];
  await verifyEvidence(
    { ...evidence, inclusions, tiles, witnesses },
    {
      records: replay({ ...evidence, inclusions, tiles, witnesses }).records,
      inclusion: async (stream, position) => {
        const found = await source.inclusion(stream, position);
        if (found) inclusions.push({ stream, position, evidence: found });
        return found;
      },
      tile: async (tile) => {
        const bytes = await source.tile(tile);
        tiles.push({ tile, bytes });
        return bytes;
      },
      witnesses: async (stream, position) => {
        witnesses.push(...(await source.witnesses(stream, position)));
        return witnesses;
      },
    },
  );
  return { ...evidence, inclusions, tiles, witnesses };
}

/** The checks of a decision over evidence in memory: the very function that judges the real one. */
export async function verifyEvidence(evidence: DecisionEvidence, source = replay(evidence)) {
  const { detail, material, streams, remembered, nowMs } = evidence;
  const points = new Map(streams.flatMap(({ stream, start }) => (start ? [[stream, [start]] as const] : [])));
  const { checks } = await verifyDecision(detail, material, source, {
    clock: () => 0,
    nowMs,
    memory: { points, checkpoint: remembered },
  });
  return checks;
}

function replay(evidence: DecisionEvidence): EvidenceSource {
  return {
    async *records(stream, from, to) {
      for (const record of evidence.streams.find((held) => held.stream === stream)?.records ?? [])
        if (record.position >= from && record.position <= to) yield record;
    },
    inclusion: async (stream, position) =>
      evidence.inclusions.find((held) => held.stream === stream && held.position === position)?.evidence ??
      null,
    tile: async (tile) => {
      const path = formatTilePath(tile.level, tile.n, tile.width);
      const held = evidence.tiles.find(
        ({ tile: one }) => formatTilePath(one.level, one.n, one.width) === path,
      );
      if (!held) throw new Error('this tile is not among the evidence');
      return held.bytes;
    },
    witnesses: async () => evidence.witnesses,
  };
}
