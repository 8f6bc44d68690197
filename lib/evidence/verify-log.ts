import { formatHex } from '@/lib/core/encoding';
import type { Check } from '@/lib/integrity/check';
import { type VerifiedCheckpoint, verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { formatEntry } from '@/lib/integrity/entry';
import {
  fillPlan,
  leafHash,
  planConsistency,
  verifyConsistency,
  verifyInclusion,
} from '@/lib/integrity/merkle';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { createTileReader, formatTilePath, tilesOfPlan } from '@/lib/integrity/tile';
import {
  type EvidenceSource,
  type InclusionEvidence,
  type RememberedCheckpoint,
  unavailable,
} from './evidence-source';

export interface LogTrust {
  origin: string;
  vkey: string;
}

const figure = (n: number) => n.toLocaleString('en');

/** The checkpoint's own signature: everything that follows in the log rests on it. */
export function checkCheckpoint(
  bytes: Uint8Array,
  trust: LogTrust,
): { check: Check; checkpoint: VerifiedCheckpoint | null } {
  const base = { id: 'log.checkpoint', title: 'Checkpoint' };
  const key = parseNoteKey(trust.vkey);
  if (!key.ok) {
    return {
      check: {
        ...base,
        verdict: 'not-checked',
        compared: "the log's signature",
        reason: `its key is not readable (${key.code})`,
      },
      checkpoint: null,
    };
  }
  const verified = verifyCheckpoint(bytes, { origin: trust.origin, logKey: key.value });
  const named = { key: `${key.value.name}+${key.value.keyId}` };
  if (!verified.ok) {
    return {
      check: {
        ...base,
        ...named,
        verdict: 'invalid',
        code: verified.code,
        compared: "the signed tree head with the log's key",
      },
      checkpoint: null,
    };
  }
  const compared = `size ${figure(verified.value.size)}, root ${formatHex(verified.value.root).slice(0, 16)}…, signed by the log`;
  return { check: { ...base, ...named, verdict: 'valid', compared }, checkpoint: verified.value };
}

/** That the entry of one record, rebuilt from its recomputed link, is a leaf under the checkpoint's root. */
export function checkInclusion(
  record: { stream: string; position: number; link: Uint8Array },
  evidence: InclusionEvidence,
  checkpoint: VerifiedCheckpoint,
  titled: { id: string; title: string },
): Check {
  const where = { stream: record.stream, position: record.position, index: evidence.index };
  const compared = `leaf ${figure(evidence.index)}, rebuilt here, under the root of size ${figure(checkpoint.size)} by ${evidence.hashes.length} hashes`;
  if (evidence.size !== checkpoint.size) {
    return {
      ...titled,
      verdict: 'invalid',
      code: 'size_mismatch',
      compared,
      where,
      expected: String(checkpoint.size),
      computed: String(evidence.size),
    };
  }
  const verified = verifyInclusion({
    index: evidence.index,
    size: evidence.size,
    leaf: leafHash(formatEntry(record)),
    proof: evidence.hashes,
    root: checkpoint.root,
  });
  return verified.ok
    ? { ...titled, verdict: 'valid', compared, where }
    : { ...titled, verdict: 'invalid', code: verified.code, compared, where };
}

/**
 * That the log only grew since the checkpoint that this verifier remembers, by a proof rebuilt from the tiles. Whoever
 * answers for the log as it is now (`live`) may not show less of it than before; a package may be older than what is
 * remembered, and then must be what the log grew from.
 */
export async function checkConsistency(
  checkpoint: VerifiedCheckpoint,
  vkey: string,
  remembered: RememberedCheckpoint | null,
  source: Pick<EvidenceSource, 'tile'>,
  { live = true }: { live?: boolean } = {},
): Promise<Check> {
  const base = { id: 'log.consistency', title: 'Consistency' };
  if (!remembered) {
    return {
      ...base,
      verdict: 'not-checked',
      compared: 'this checkpoint with an earlier one',
      reason: 'nothing is remembered here yet; from now on this one is',
    };
  }
  const since = `remembered here since ${new Date(remembered.atMs).toISOString()}`;
  if (remembered.origin !== undefined && remembered.origin !== checkpoint.origin) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'log_name_changed',
      compared: `the log's name with the one ${since}`,
      expected: remembered.origin,
      computed: checkpoint.origin,
    };
  }
  if (remembered.vkey !== vkey) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'log_key_changed',
      compared: `the log's key with the one ${since}`,
      expected: remembered.vkey,
      computed: vkey,
    };
  }
  if (live && checkpoint.size < remembered.size) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'log_shrunk',
      compared: `the size of the log with the one ${since}`,
      expected: `at least ${figure(remembered.size)}`,
      computed: figure(checkpoint.size),
    };
  }
  const [older, newer] =
    remembered.size <= checkpoint.size ? [remembered, checkpoint] : [checkpoint, remembered];
  const compared =
    older.size === newer.size
      ? `the same size as the one ${since}`
      : `size ${figure(older.size)} grew to ${figure(newer.size)}, one of them ${since}`;
  if (older.size === 0) return { ...base, verdict: 'valid', compared };
  try {
    const proof = await consistencyFromTiles(older.size, newer.size, source);
    const verified = verifyConsistency({
      size1: older.size,
      size2: newer.size,
      root1: older.root,
      root2: newer.root,
      proof,
    });
    return verified.ok
      ? { ...base, verdict: 'valid', compared }
      : {
          ...base,
          verdict: 'invalid',
          code: verified.code,
          compared,
          expected: formatHex(older.root),
          computed: formatHex(newer.root),
        };
  } catch (error) {
    return { ...base, verdict: 'not-checked', compared, reason: unavailable(error) };
  }
}

async function consistencyFromTiles(
  size1: number,
  size2: number,
  source: Pick<EvidenceSource, 'tile'>,
): Promise<Uint8Array[]> {
  const plan = planConsistency(size1, size2);
  if (!plan.ok) throw new Error(plan.code);
  const tiles = new Map<string, Uint8Array>();
  for (const tile of tilesOfPlan(plan.value, size2)) {
    tiles.set(formatTilePath(tile.level, tile.n, tile.width), await source.tile(tile));
  }
  const read = createTileReader(size2, (tile) => {
    const bytes = tiles.get(formatTilePath(tile.level, tile.n, tile.width));
    if (!bytes) throw new Error('a tile of the proof is missing');
    return bytes;
  });
  return fillPlan(plan.value, read);
}
