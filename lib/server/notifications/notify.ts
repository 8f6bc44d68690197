import type { Tier } from '@/lib/decisions/record-payload';
import type { Role } from '@/lib/identity/role';
import { noticeAbout } from '@/lib/notifications/notice';
import type { NoticeKind } from '@/lib/notifications/notification-kinds';
import type { Tx } from '../database/transaction';
import { newId } from '../random';

export interface Notice {
  tenant: string;
  kind: NoticeKind;
  /** What it is about: an escalation's id, an alert's. One notice a (kind, ref, occasion), however often it is given. */
  ref: string;
  /** Tells several notices of one kind about one thing apart, such as a second reminder. */
  occasion?: string;
  /** Where the link leads: a path of this console. */
  path: string;
  agent?: string | null;
  tier?: Tier | null;
  /** Name of an alert's rule; no free text leaves the console. */
  rule?: string | null;
  expiresAtMs?: number | null;
  /** Exactly these people, or everyone with one of these roles. Without either: whom the kind is for. */
  to?: { persons: string[] } | { roles: Role[] };
  /** Only through this channel. */
  channel?: string;
  nowMs: number;
}

/**
 * Tells people and machines outside the console of something, durably: the notice commits with the caller's transaction
 * or not at all, and is sent afterwards by whichever process comes first. An organisation without channels is told
 * nothing. Notices carry no names, amounts or parameters; see `noticeAbout` for all they may say.
 * @throws ZodError when the notice says more than it may (a bug of the caller)
 */
export async function notify(tx: Tx, notice: Notice): Promise<void> {
  const { to, channel } = notice;
  const about = noticeAbout.parse({
    path: notice.path,
    agent: notice.agent ?? null,
    tier: notice.tier ?? null,
    rule: notice.rule ?? null,
    ...to,
    ...(channel === undefined ? {} : { channel }),
  });
  await tx.query(
    `INSERT INTO notifications (id, tenant, kind, ref, occasion, about, expires_at, created_at)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8
      WHERE EXISTS (SELECT 1 FROM notification_channels WHERE tenant = $2 AND enabled)
     ON CONFLICT (tenant, kind, ref, occasion) DO NOTHING`,
    [
      newId('ntf', notice.nowMs),
      notice.tenant,
      notice.kind,
      notice.ref,
      notice.occasion ?? '',
      JSON.stringify(about),
      notice.expiresAtMs == null ? null : new Date(notice.expiresAtMs),
      new Date(notice.nowMs),
    ],
  );
}
