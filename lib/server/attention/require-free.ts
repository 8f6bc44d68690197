import { mayTake } from '@/lib/attention/load';
import type { LoadView } from '@/lib/escalations/load-view';
import { ServiceError } from '../errors';

/**
 * Before somebody takes a case or approves one. What they had open when the limit was reached may be finished.
 * @param load theirs (`findLoad`); null where the policy sets no limit
 * @param openedAtMs when its evidence was first shown to them; null when it was not
 * @throws ServiceError `load_limit_reached`
 */
export function requireFree(load: LoadView | null, openedAtMs: number | null): void {
  if (load && !mayTake(load, openedAtMs)) {
    throw new ServiceError(
      'load_limit_reached',
      `${load.used} of ${load.limit} in the last hour, ${Math.floor(load.activeMs / 60_000)} of ${Math.floor(load.activeLimitMs / 60_000)} active minutes; free again at ${load.freeAt}.`,
    );
  }
}
