import { getPool } from '../database/pool';
import { startWorker, type Worker } from '../jobs/start-worker';
import { lapseClaims } from '../reviews/lapse-claims';
import { sharedSingleton } from '../shared-singleton';
import { claimDelivery } from './claim-delivery';
import { remindOfExpiry } from './remind-of-expiry';
import { runDelivery } from './run-delivery';
import { spreadNotices } from './spread-notices';

/** Long enough to see what went out in the last month. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** Sends this console's notices from this process until `stop`. */
export function startNotifying(): Worker {
  return sharedSingleton('notifying', () =>
    startWorker({
      name: 'notifications',
      schedule: scheduleNotices,
      claim: async (nowMs) => {
        const delivery = await claimDelivery(nowMs);
        return delivery && ((signal) => runDelivery(delivery, { signal }));
      },
    }),
  );
}

/** What time alone makes due: lapsed claims, reminders, spreading, and forgetting what is long over. */
export async function scheduleNotices(nowMs: number): Promise<void> {
  await lapseClaims({ nowMs });
  await remindOfExpiry(nowMs);
  await spreadNotices(nowMs);
  await getPool().query('DELETE FROM notifications WHERE spread_at < $1', [new Date(nowMs - KEPT_MS)]);
}
