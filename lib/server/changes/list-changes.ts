import { CHANGE_SPAN_DAYS, type ChangesView } from '@/lib/analytics/changes-view';
import { getPool } from '../database/pool';

const DAY_MS = 86_400_000;
const LISTED = 200;

/** A tenant's latest changes with the outcome counts of each UTC day from 14 days before the first to 14 after the last. */
export async function listChanges(tenant: string): Promise<ChangesView> {
  const changes = await getPool().query<{
    occurred_at: Date;
    id: string;
    stream: string;
    position: number;
    target: string;
    name: string;
    from_version: string | null;
    to_version: string;
    direction: string | null;
    summary: string;
  }>(
    `SELECT occurred_at, id, stream, position, target, name, from_version, to_version, direction, summary
       FROM changes WHERE tenant = $1 ORDER BY occurred_at DESC, id DESC LIMIT ${LISTED + 1}`,
    [tenant],
  );
  const listed = changes.rows.slice(0, LISTED);
  const newest = listed[0]?.occurred_at.getTime();
  const oldest = listed.at(-1)?.occurred_at.getTime();
  const days =
    newest === undefined || oldest === undefined
      ? []
      : await countDays(tenant, oldest - CHANGE_SPAN_DAYS * DAY_MS, newest + CHANGE_SPAN_DAYS * DAY_MS);
  return {
    changes: listed.map(({ occurred_at, from_version, to_version, ...row }) => ({
      ...row,
      at: occurred_at.toISOString(),
      fromVersion: from_version,
      toVersion: to_version,
    })),
    hasOlder: changes.rows.length > LISTED,
    days,
  };
}

async function countDays(tenant: string, fromMs: number, toMs: number): Promise<ChangesView['days']> {
  const floor = (ms: number) => Math.floor(ms / DAY_MS) * DAY_MS;
  const result = await getPool().query<ChangesView['days'][number]>(
    `SELECT to_char(d, 'YYYY-MM-DD') AS day, COALESCE(sum(n) FILTER (WHERE verdict = 'allow'), 0)::bigint AS allow,
        COALESCE(sum(n) FILTER (WHERE verdict = 'refuse'), 0)::bigint AS refuse,
        COALESCE(sum(n) FILTER (WHERE verdict = 'escalate'), 0)::bigint AS escalate,
        COALESCE(sum(n) FILTER (WHERE verdict = 'defer'), 0)::bigint AS defer, COALESCE(sum(n), 0)::bigint AS of
       FROM generate_series($2::timestamp, $3::timestamp, interval '1 day') AS d
       LEFT JOIN rollups r ON r.tenant = $1 AND r.hour >= (d AT TIME ZONE 'UTC')
         AND r.hour < ((d + interval '1 day') AT TIME ZONE 'UTC')
      GROUP BY d ORDER BY d`,
    [
      tenant,
      new Date(floor(fromMs)).toISOString().slice(0, 19),
      new Date(floor(toMs)).toISOString().slice(0, 19),
    ],
  );
  return result.rows;
}
