import { err, ok, type Result } from '@/lib/core/result';
import { fillPlan, planConsistency } from '@/lib/integrity/merkle';
import { createTileReader, formatTilePath, tilesOfPlan } from '@/lib/integrity/tile';
import { callService } from '../adapters/call-service';

/** A consistency proof takes a few tiles per level; more is somebody wasting our time. */
const MAX_TILES = 128;

/**
 * The RFC 9162 consistency proof between two sizes of a peer's log, rebuilt from its public tiles. Hostile: only the two
 * roots it is checked against can vouch for it.
 */
export async function fetchConsistency(
  url: string,
  size1: number,
  size2: number,
  signal: AbortSignal,
): Promise<Result<Uint8Array[], 'peer_tiles'>> {
  if (size1 === size2 || size1 === 0) return ok([]);
  const plan = planConsistency(size1, size2);
  if (!plan.ok) return err('peer_tiles', plan.code);
  const wanted = tilesOfPlan(plan.value, size2);
  if (wanted.length > MAX_TILES) return err('peer_tiles', 'too many tiles');
  const tiles = new Map<string, Uint8Array>();
  for (const { level, n, width } of wanted) {
    const path = formatTilePath(level, n, width);
    const answer = await callService({
      url: `${url}/log/${path}`,
      method: 'GET',
      signal,
      maxAnswerBytes: 32 * 256,
    });
    if (answer.status !== 200 || answer.body.length !== 32 * width)
      return err('peer_tiles', `tile ${path}: ${answer.status}`);
    tiles.set(path, answer.body);
  }
  const read = createTileReader(
    size2,
    (tile) => tiles.get(formatTilePath(tile.level, tile.n, tile.width)) as Uint8Array,
  );
  return ok(fillPlan(plan.value, read));
}
