import type { NotificationPreferences } from '@/lib/notifications/channel-requests';
import { NOTIFICATION_KINDS, type NotificationKind } from '@/lib/notifications/notification-kinds';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';
import type { Reviewer } from '../reviews/reviewer';

interface Row {
  person: string;
  kinds: string[];
  quiet_from: number | null;
  quiet_to: number | null;
  time_zone: string;
}

/** Somebody who chose nothing is told of everything at any time. */
const DEFAULTS: NotificationPreferences = { kinds: [...NOTIFICATION_KINDS], quiet: null, timeZone: 'UTC' };

/** What each of these people wants to be written of; those who never chose have the defaults. */
export async function listPreferences(
  tx: Tx,
  tenant: string,
  persons: readonly string[],
): Promise<Map<string, NotificationPreferences>> {
  const found = await tx.query<Row>(
    `SELECT person, kinds, quiet_from, quiet_to, time_zone FROM notification_preferences
      WHERE tenant = $1 AND person = ANY($2)`,
    [tenant, persons],
  );
  const chosen = new Map(found.rows.map((row) => [row.person, readRow(row)]));
  return new Map(persons.map((person) => [person, chosen.get(person) ?? DEFAULTS]));
}

/** A person's own, in the organisation they are in. */
export async function getPreferences(viewer: Reviewer): Promise<NotificationPreferences> {
  const all = await listPreferences(getPool(), viewer.tenant.id, [viewer.person.id]);
  return all.get(viewer.person.id) ?? DEFAULTS;
}

/** Replaces the viewer's own preferences; nobody sets another's. What is on its way keeps the ones it left under. */
export async function setPreferences(
  viewer: Reviewer,
  wanted: NotificationPreferences,
  { nowMs = clockNowMs() } = {},
): Promise<NotificationPreferences> {
  await getPool().query(
    `INSERT INTO notification_preferences (tenant, person, kinds, quiet_from, quiet_to, time_zone, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (tenant, person) DO UPDATE SET kinds = EXCLUDED.kinds, quiet_from = EXCLUDED.quiet_from,
       quiet_to = EXCLUDED.quiet_to, time_zone = EXCLUDED.time_zone, changed_at = EXCLUDED.changed_at`,
    [
      viewer.tenant.id,
      viewer.person.id,
      NOTIFICATION_KINDS.filter((kind) => wanted.kinds.includes(kind)),
      wanted.quiet?.from ?? null,
      wanted.quiet?.to ?? null,
      wanted.timeZone,
      new Date(nowMs),
    ],
  );
  return getPreferences(viewer);
}

function readRow(row: Row): NotificationPreferences {
  return {
    kinds: NOTIFICATION_KINDS.filter((kind: NotificationKind) => row.kinds.includes(kind)),
    quiet:
      row.quiet_from === null || row.quiet_to === null ? null : { from: row.quiet_from, to: row.quiet_to },
    timeZone: row.time_zone,
  };
}
