import { formatBase64 } from '@/lib/core/encoding';
import { fillPlan, planConsistency } from '@/lib/integrity/merkle';
import { createTileReader, formatTilePath, tilesOfPlan } from '@/lib/integrity/tile';
import { formatAddCheckpoint } from '@/lib/integrity/witness/c2sp/add-checkpoint';
import { getCheckpoint } from '@/lib/server/log/get-checkpoint';
import { readTile } from '@/lib/server/log/get-tile';

/** RFC 9162 consistency proof between two sizes of this console's log. */
export async function proveConsistency(oldSize: number, size: number): Promise<Uint8Array[]> {
  if (oldSize === 0 || oldSize === size) return [];
  const plan = planConsistency(oldSize, size);
  if (!plan.ok) throw new Error(plan.code);
  const tiles = new Map<string, Uint8Array>();
  for (const tile of tilesOfPlan(plan.value, size))
    tiles.set(formatTilePath(tile.level, tile.n, tile.width), await readTile(tile));
  const read = createTileReader(
    size,
    ({ level, n, width }) => tiles.get(formatTilePath(level, n, width)) as Uint8Array,
  );
  return fillPlan(plan.value, read);
}

/** What this console would submit to a witness that cosigned it at `oldSize`: the add-checkpoint body, base64. */
export async function consistencyBetween(oldSize: number): Promise<string> {
  const checkpoint = await getCheckpoint();
  if (!checkpoint) throw new Error('no checkpoint');
  const proof = oldSize > checkpoint.size ? [] : await proveConsistency(oldSize, checkpoint.size);
  return formatBase64(formatAddCheckpoint({ oldSize, proof, checkpoint: checkpoint.note }));
}
