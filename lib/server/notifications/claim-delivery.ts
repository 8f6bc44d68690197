import type { Message } from '@/lib/notifications/notice';
import { noticeAbout } from '@/lib/notifications/notice';
import type { NoticeKind } from '@/lib/notifications/notification-kinds';
import { inTransaction } from '../database/transaction';

export interface Delivery {
  tenant: string;
  channel: string;
  /** Empty for a channel that writes to one place for all. */
  person: string;
  /** Failures in a row before this try. */
  attempts: number;
  message: Message;
}

/** Longer than one try may take: after a crash the delivery is due again. */
export const LEASE_MS = 60_000;

interface Row {
  id: string;
  tenant: string;
  channel: string;
  person: string;
  attempts: number;
  kind: NoticeKind;
  ref: string;
  about: unknown;
  expires_at: Date | null;
  created_at: Date;
}

/** Takes the delivery that has waited longest, for this process alone until the lease ends; null when none is due. */
export async function claimDelivery(nowMs: number): Promise<Delivery | null> {
  return inTransaction(async (tx) => {
    const claimed = await tx.query<Row>(
      // Materialised, as a witness's job is, so that it is looked for once.
      `WITH taken AS MATERIALIZED (
         SELECT due.id FROM notification_deliveries due
           JOIN notification_channels c ON c.tenant = due.tenant AND c.name = due.channel AND c.enabled
          WHERE due.state = 'waiting' AND due.next_at <= $1
          ORDER BY due.next_at LIMIT 1 FOR UPDATE OF due SKIP LOCKED)
       UPDATE notification_deliveries d SET next_at = $2 FROM taken, notifications n
        WHERE d.id = taken.id AND n.id = d.notification
        RETURNING d.id, d.tenant, d.channel, d.person, d.attempts, n.kind, n.ref, n.about, n.expires_at, n.created_at`,
      [new Date(nowMs), new Date(nowMs + LEASE_MS)],
    );
    const row = claimed.rows[0];
    if (!row) return null;
    const { id, tenant, channel, person, attempts, kind, ref } = row;
    const message = {
      id,
      kind,
      ref,
      about: noticeAbout.parse(row.about),
      expiresAtMs: row.expires_at?.getTime() ?? null,
      createdAtMs: row.created_at.getTime(),
    };
    return { tenant, channel, person, attempts, message };
  });
}
