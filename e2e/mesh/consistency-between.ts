import { formatBase64 } from '@/lib/core/encoding';
import { fillPlan, planConsistency } from '@/lib/integrity/merkle';
import { createTileReader, formatTilePath, tilesOfPlan } from '@/lib/integrity/tile';
import { formatAddCheckpoint } from '@/lib/integrity/witness/c2sp/add-checkpoint';
import { getCheckpoint } from '@/lib/server/log/get-checkpoint';
import { readTile } from '@/lib/server/log/get-tile';

/** What this console would submit to a witness that cosigned it at `oldSize`: the add-checkpoint body, base64. */
export async function consistencyBetween(oldSize: number): Promise<string> {
  const checkpoint = await getCheckpoint();
  if (!checkpoint) throw new Error('no checkpoint');
  const proof: Uint8Array[] = [];
  if (oldSize > 0 && oldSize < checkpoint.size) {
    const plan = planConsistency(oldSize, checkpoint.size);
    if (!plan.ok) throw new Error(plan.code);
    const tiles = new Map<string, Uint8Array>();
    for (const tile of tilesOfPlan(plan.value, checkpoint.size))
      tiles.set(formatTilePath(tile.level, tile.n, tile.width), await readTile(tile));
    const read = createTileReader(
      checkpoint.size,
      ({ level, n, width }) => tiles.get(formatTilePath(level, n, width)) as Uint8Array,
    );
    proof.push(...fillPlan(plan.value, read));
  }
  return formatBase64(formatAddCheckpoint({ oldSize, proof, checkpoint: checkpoint.note }));
}
