import { noticeAbout } from '@/lib/notifications/notice';
import { type NoticeKind, URGENT_KINDS } from '@/lib/notifications/notification-kinds';
import { quietUntilMs } from '@/lib/notifications/quiet-hours';
import { inTransaction, type Tx } from '../database/transaction';
import { newId } from '../random';
import { type ChannelRow, channelAdapterOf, listChannelRows } from './channel-row';
import { findAudience } from './find-audience';
import { listPreferences } from './preferences';

interface Row {
  id: string;
  tenant: string;
  kind: NoticeKind;
  ref: string;
  about: unknown;
}

/**
 * Turns each new notice into its deliveries: one a channel, and by mail one a person who wants it, held back until the
 * end of their quiet hours. Together in one transaction, so that a notice is spread whole or not yet.
 * @returns how many notices were spread here
 */
export async function spreadNotices(nowMs: number): Promise<number> {
  let spread = 0;
  while (await inTransaction((tx) => spreadNext(tx, nowMs))) spread++;
  return spread;
}

async function spreadNext(tx: Tx, nowMs: number): Promise<boolean> {
  const found = await tx.query<Row>(
    `SELECT id, tenant, kind, ref, about FROM notifications
      WHERE spread_at IS NULL ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  const row = found.rows[0];
  if (!row) return false;
  const notice = { ...row, about: noticeAbout.parse(row.about) };
  const { channel } = notice.about;
  const channels = (await listChannelRows(tx, row.tenant)).filter(
    ({ name, enabled, type, kinds }) =>
      enabled && (channel === undefined ? type !== 'callback' && kinds.includes(row.kind) : name === channel),
  );
  for (const one of channels) {
    if (channelAdapterOf(one.type).addressed) await addressPeople(tx, one, notice, nowMs);
    else await insertDelivery(tx, one, { notice: row.id, person: '', nextAtMs: nowMs, nowMs });
  }
  await tx.query('UPDATE notifications SET spread_at = $2 WHERE id = $1', [row.id, new Date(nowMs)]);
  return true;
}

async function addressPeople(
  tx: Tx,
  channel: ChannelRow,
  notice: Row & { about: ReturnType<typeof noticeAbout.parse> },
  nowMs: number,
): Promise<void> {
  const people = await findAudience(tx, notice, nowMs);
  const preferences = await listPreferences(tx, notice.tenant, people);
  const urgent = URGENT_KINDS.includes(notice.kind);
  for (const [person, { kinds, quiet, timeZone }] of preferences) {
    if (!urgent && !(kinds as readonly string[]).includes(notice.kind)) continue;
    const until = urgent ? null : quietUntilMs(quiet && { ...quiet, timeZone }, nowMs);
    await insertDelivery(tx, channel, { notice: notice.id, person, nextAtMs: until ?? nowMs, nowMs });
  }
}

async function insertDelivery(
  tx: Tx,
  channel: ChannelRow,
  delivery: { notice: string; person: string; nextAtMs: number; nowMs: number },
): Promise<void> {
  const { notice, person, nextAtMs, nowMs } = delivery;
  await tx.query(
    `INSERT INTO notification_deliveries (id, notification, tenant, channel, person, state, attempts, next_at, created_at)
     VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, $7) ON CONFLICT (notification, channel, person) DO NOTHING`,
    [newId('dlv', nowMs), notice, channel.tenant, channel.name, person, new Date(nextAtMs), new Date(nowMs)],
  );
}
