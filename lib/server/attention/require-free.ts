import { mayTake } from '@/lib/attention/load';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import type { Reviewer } from '../reviews/reviewer';
import { findLoad } from './find-load';

/**
 * Before somebody takes a case or approves one. What they had open when the limit was reached may be finished.
 * @param openedAtMs when its evidence was first shown to them; null when it was not
 * @throws ServiceError `load_limit_reached`
 */
export async function requireFree(
  tx: Tx,
  viewer: Reviewer,
  { openedAtMs, nowMs }: { openedAtMs: number | null; nowMs: number },
): Promise<void> {
  const load = await findLoad(tx, { tenant: viewer.tenant.id, person: viewer.person.id }, { nowMs });
  if (load && !mayTake(load, openedAtMs)) {
    throw new ServiceError(
      'load_limit_reached',
      `${load.used} of ${load.limit} in the last hour, ${Math.floor(load.activeMs / 60_000)} of ${Math.floor(load.activeLimitMs / 60_000)} active minutes; free again at ${load.freeAt}.`,
    );
  }
}
