import { formatInstant } from '@/lib/core/instant';
import { EXPIRING_WITHIN_MS, type QueuePage, type QueueQuery } from '@/lib/escalations/escalation-view';
import { formatQueueCursor, parseQueueCursor } from '@/lib/escalations/queue-order';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { readOwnView } from '../flow/read-own-view';
import type { Reviewer } from '../reviews/reviewer';
import { formatRow, ROW_COLUMNS, ROW_JOINS, type RowColumns } from './format-row';

/**
 * One page of the queue: pending escalations by what ends first, or ended ones by what ended last. An overdue pending
 * escalation is no longer offered. Named `ids` are answered whatever their state, unknown and foreign ones left out.
 * Counts are exact and of the whole tenant.
 * @throws ServiceError `malformed_request` for a cursor that is not ours
 */
export async function listQueue(
  viewer: Reviewer,
  query: QueueQuery,
  { nowMs = clockNowMs() } = {},
): Promise<QueuePage> {
  const { where, values, order } = buildFilter(viewer, query, nowMs);
  const pool = getPool();
  const found = await pool.query<RowColumns>(
    `SELECT ${ROW_COLUMNS} FROM escalations e ${ROW_JOINS}
      WHERE ${where.join(' AND ')} ORDER BY ${order} LIMIT ${query.limit + 1}`,
    values,
  );
  const shown = found.rows.slice(0, query.limit);
  const own = await readOwnView(pool, viewer, shown, nowMs);
  const last = shown.at(-1);
  const more = found.rows.length > query.limit && last;
  const lastAt = query.state === 'pending' ? last?.expires_at : last?.ended_at;
  return {
    rows: shown.map((row) => formatRow(row, viewer.person.id, nowMs, own(row))),
    next: more && lastAt ? formatQueueCursor({ atMs: lastAt.getTime(), id: last.id }) : null,
    counts: await countQueue(viewer, nowMs),
    now: formatInstant(nowMs),
  };
}

function buildFilter(
  viewer: Reviewer,
  query: QueueQuery,
  nowMs: number,
): { where: string[]; values: unknown[]; order: string } {
  const values: unknown[] = [viewer.tenant.id];
  const where = ['e.tenant = $1'];
  const value = (item: unknown) => `$${values.push(item)}`;
  if (query.ids !== undefined) {
    where.push(`e.id = ANY(${value(query.ids.split(','))})`);
    return { where, values, order: 'e.expires_at, e.id' };
  }
  const pending = query.state === 'pending';
  where.push(
    pending ? `e.state = 'pending' AND e.expires_at > ${value(new Date(nowMs))}` : 'e.ended_at IS NOT NULL',
  );
  if (query.tier) where.push(`e.tier = ${value(query.tier)}`);
  if (query.control) where.push(`e.control = ${value(query.control)}`);
  if (query.agent) where.push(`e.agent = ${value(query.agent)}`);
  if (query.filter === 'mine') {
    const person = value(viewer.person.id);
    where.push(
      pending
        ? `e.lease_person = ${person} AND e.lease_until > ${value(new Date(nowMs))}`
        : `(EXISTS (SELECT 1 FROM reviews r WHERE r.escalation = e.id AND r.tenant = e.tenant AND r.person = ${person})
            OR EXISTS (SELECT 1 FROM drill_scores d WHERE d.escalation = e.id AND d.tenant = e.tenant AND d.person = ${person}))`,
    );
  }
  if (pending && query.filter === 'unclaimed') {
    where.push(`(e.lease_until IS NULL OR e.lease_until <= ${value(new Date(nowMs))})`);
  }
  if (pending && query.filter === 'expiring') {
    where.push(`e.expires_at <= ${value(new Date(nowMs + EXPIRING_WITHIN_MS))}`);
  }
  if (pending && query.filter === 'deferred') {
    const [person, now] = [value(viewer.person.id), value(new Date(nowMs))];
    where.push(`EXISTS (SELECT 1 FROM deferrals d WHERE d.escalation = e.id AND d.tenant = e.tenant
      AND d.person = ${person} AND (d.until IS NULL OR d.until > ${now}))`);
  }
  if (query.cursor !== undefined) {
    const cursor = parseQueueCursor(query.cursor);
    if (!cursor.ok)
      throw new ServiceError('malformed_request', 'Field "cursor": not from a page of this queue.');
    const after = `(${value(new Date(cursor.value.atMs))}, ${value(cursor.value.id)})`;
    where.push(pending ? `(e.expires_at, e.id) > ${after}` : `(e.ended_at, e.id) < ${after}`);
  }
  return { where, values, order: pending ? 'e.expires_at, e.id' : 'e.ended_at DESC, e.id DESC' };
}

async function countQueue(viewer: Reviewer, nowMs: number): Promise<QueuePage['counts']> {
  const counts = await getPool().query<{ all: number; mine: number; unclaimed: number; expiring: number }>(
    `SELECT count(*)::int AS "all",
            (count(*) FILTER (WHERE lease_person = $2 AND lease_until > $3))::int AS mine,
            (count(*) FILTER (WHERE lease_until IS NULL OR lease_until <= $3))::int AS unclaimed,
            (count(*) FILTER (WHERE expires_at <= $4))::int AS expiring
       FROM escalations WHERE tenant = $1 AND state = 'pending' AND expires_at > $3`,
    [viewer.tenant.id, viewer.person.id, new Date(nowMs), new Date(nowMs + EXPIRING_WITHIN_MS)],
  );
  const row = counts.rows[0];
  return {
    all: row?.all ?? 0,
    mine: row?.mine ?? 0,
    unclaimed: row?.unclaimed ?? 0,
    expiringSoon: row?.expiring ?? 0,
  };
}
