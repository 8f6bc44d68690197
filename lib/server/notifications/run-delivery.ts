import { PENDING_KINDS } from '@/lib/notifications/notification-kinds';
import { withOutboundPolicy } from '../adapters/outbound-policy';
import { nowMs as clockNowMs } from '../clock';
import { getConfig } from '../config';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { describeError } from '../describe-error';
import { backOffMs } from '../jobs/back-off';
import { WitnessError } from '../witnesses/witness-adapter';
import { configureChannel, findChannel } from './channel-row';
import { type Delivery, LEASE_MS } from './claim-delivery';

/** The longest that one try may take; shorter than the lease. */
const TRY_MS = LEASE_MS - 10_000;
/** What could not be said for a day is not worth saying; the settings tell that it was given up. */
const GIVE_UP_MS = 24 * 60 * 60_000;

export type DeliveryOutcome = 'sent' | 'moot' | 'failed' | 'given_up' | 'released';

/**
 * One try of one claimed delivery: at least once, with the same id every time. What has become moot is not sent: the
 * escalation ended, the person left. A failure is tried again later each time, for a day.
 */
export async function runDelivery(
  delivery: Delivery,
  options: { signal: AbortSignal; nowMs?: () => number; random?: () => number },
): Promise<DeliveryOutcome> {
  const { signal, nowMs = clockNowMs, random = Math.random } = options;
  try {
    if (await isMoot(delivery)) return await end(delivery, 'moot', null, nowMs());
    await send(delivery, AbortSignal.any([signal, AbortSignal.timeout(TRY_MS)]), nowMs());
    return await end(delivery, 'sent', null, nowMs());
  } catch (error) {
    if (signal.aborted) {
      await postpone(delivery, { attempts: delivery.attempts, code: null, nextAtMs: nowMs() });
      return 'released';
    }
    const known = error instanceof WitnessError ? error : null;
    if (!known) console.error('notification failed', describeError(error));
    const code = known?.code.replace('witness_', 'endpoint_') ?? 'internal';
    const attempts = delivery.attempts + 1;
    if (nowMs() - delivery.message.createdAtMs >= GIVE_UP_MS) return end(delivery, 'given_up', code, nowMs());
    await postpone(delivery, { attempts, code, nextAtMs: nowMs() + backOffMs(attempts, known, random()) });
    await noteFailure(delivery, code, nowMs());
    return 'failed';
  }
}

async function send(delivery: Delivery, signal: AbortSignal, nowMs: number): Promise<void> {
  const pool = getPool();
  const row = await findChannel(pool, { tenant: delivery.tenant, name: delivery.channel });
  if (!row) throw new Error('notification: its channel is gone');
  const { adapter, settings } = configureChannel(row);
  const recipient = adapter.addressed ? await findAddress(delivery) : null;
  const context = { origin: getConfig().origin, nowMs, signal, recipient };
  await withOutboundPolicy({ allowPrivate: row.allow_private }, () =>
    adapter.send(delivery.message, settings, context),
  );
}

/** Nobody is written to who has left the organisation since, nor about what has ended. */
async function isMoot({ tenant, person, message }: Delivery): Promise<boolean> {
  if (person !== '' && (await findAddress({ tenant, person })) === null) return true;
  if (!PENDING_KINDS.includes(message.kind)) return false;
  const found = await getPool().query<{ state: string }>(
    'SELECT state FROM escalations WHERE tenant = $1 AND id = $2',
    [tenant, message.ref],
  );
  return found.rows[0]?.state !== 'pending';
}

async function findAddress({ tenant, person }: Pick<Delivery, 'tenant' | 'person'>): Promise<string | null> {
  const found = await getPool().query<{ email: string }>(
    `SELECT p.email FROM people p WHERE p.id = $1 AND p.disabled_at IS NULL
        AND EXISTS (SELECT 1 FROM memberships m WHERE m.person = p.id AND m.tenant = $2)`,
    [person, tenant],
  );
  return found.rows[0]?.email ?? null;
}

async function end(
  delivery: Delivery,
  state: 'sent' | 'moot' | 'given_up',
  code: string | null,
  nowMs: number,
): Promise<typeof state> {
  await inTransaction(async (tx) => {
    await tx.query(
      `UPDATE notification_deliveries SET state = $2, last_error = $3, ended_at = $4 WHERE id = $1 AND state = 'waiting'`,
      [delivery.message.id, state, code, new Date(nowMs)],
    );
    if (state === 'sent')
      await tx.query('UPDATE notification_channels SET last_sent_at = $3 WHERE tenant = $1 AND name = $2', [
        delivery.tenant,
        delivery.channel,
        new Date(nowMs),
      ]);
  });
  if (code) await noteFailure(delivery, code, nowMs);
  return state;
}

async function postpone(
  delivery: Delivery,
  next: { attempts: number; code: string | null; nextAtMs: number },
): Promise<void> {
  await getPool().query(
    `UPDATE notification_deliveries SET attempts = $2, last_error = coalesce($3, last_error), next_at = $4
      WHERE id = $1 AND state = 'waiting'`,
    [delivery.message.id, next.attempts, next.code, new Date(next.nextAtMs)],
  );
}

async function noteFailure(delivery: Delivery, code: string, nowMs: number): Promise<void> {
  await getPool().query(
    'UPDATE notification_channels SET last_error = $3, last_error_at = $4 WHERE tenant = $1 AND name = $2',
    [delivery.tenant, delivery.channel, code, new Date(nowMs)],
  );
}
