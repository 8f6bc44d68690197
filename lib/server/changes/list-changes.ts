import type { AnnouncedChange, ChangesView } from '@/lib/analytics/changes-view';
import { formatSearchCursor, type SearchCursor } from '@/lib/decisions/search-cursor';
import { getPool } from '../database/pool';
import { listSeenChanges } from './list-seen-changes';

const PAGE_ROWS = 100;

export interface ChangeSqlRow {
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
}

export const CHANGE_COLUMNS =
  'occurred_at, id, stream, position, target, name, from_version, to_version, direction, summary';

export function toAnnouncedChange({
  occurred_at,
  from_version,
  to_version,
  ...row
}: ChangeSqlRow): AnnouncedChange {
  return { ...row, at: occurred_at.toISOString(), fromVersion: from_version, toVersion: to_version };
}

/** A tenant's changes in keyset pages, newest first; the first page also brings what no record announced. */
export async function listChanges(tenant: string, before: SearchCursor | null = null): Promise<ChangesView> {
  const [found, seen] = await Promise.all([
    getPool().query<ChangeSqlRow>(
      `SELECT ${CHANGE_COLUMNS} FROM changes
        WHERE tenant = $1 AND ($2::timestamptz IS NULL OR (occurred_at, id) < ($2, $3))
        ORDER BY occurred_at DESC, id DESC LIMIT ${PAGE_ROWS + 1}`,
      [tenant, before && new Date(before.occurredAtMs), before?.id ?? null],
    ),
    before === null ? listSeenChanges(tenant) : [],
  ]);
  const rows = found.rows.slice(0, PAGE_ROWS);
  const last = rows.at(-1);
  return {
    changes: rows.map(toAnnouncedChange),
    seen,
    older:
      last && found.rows.length > PAGE_ROWS
        ? formatSearchCursor({ occurredAtMs: last.occurred_at.getTime(), id: last.id })
        : null,
  };
}
