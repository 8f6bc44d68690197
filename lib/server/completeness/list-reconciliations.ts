import type { ReconciliationList, ReconciliationRow } from '@/lib/completeness/reconciliation-view';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';

const LISTED = 50;
const DAY_MS = 86_400_000;

export interface ReconciliationSqlRow {
  id: string;
  system: string;
  file_digest: string;
  settings: { type: string; tools: string[]; toleranceMinutes: number; rows: number };
  counts: ReconciliationRow['counts'];
  from_at: Date;
  to_at: Date;
  imported_at: Date;
  imported_by: string;
  stream: string;
  position: number;
}

export const RECONCILIATION_SQL = `SELECT r.id, r.system, r.file_digest, r.settings, r.counts, r.from_at, r.to_at,
    r.imported_at, coalesce(p.name, r.imported_by) AS imported_by, r.stream, r.position
  FROM reconciliations r LEFT JOIN people p ON p.id = r.imported_by`;

export function toReconciliationRow(row: ReconciliationSqlRow): ReconciliationRow {
  const { type, tools, toleranceMinutes, rows } = row.settings;
  return {
    id: row.id,
    system: row.system,
    type,
    fileDigest: row.file_digest,
    from: row.from_at.toISOString(),
    to: row.to_at.toISOString(),
    importedAt: row.imported_at.toISOString(),
    importedBy: row.imported_by,
    rows,
    tools,
    toleranceMinutes,
    counts: row.counts,
    record: { stream: row.stream, position: row.position },
  };
}

/** A tenant's latest reconciliations, and what its decisions of late name that a list could be about. */
export async function listReconciliations(
  tenant: string,
  { nowMs = clockNowMs() } = {},
): Promise<ReconciliationList> {
  const [found, tools, systems] = await Promise.all([
    getPool().query<ReconciliationSqlRow>(
      `${RECONCILIATION_SQL} WHERE r.tenant = $1 ORDER BY r.imported_at DESC, r.id DESC LIMIT ${LISTED}`,
      [tenant],
    ),
    getPool().query<{ tool: string }>(
      `SELECT tool FROM rollups WHERE tenant = $1 AND hour >= $2 GROUP BY tool ORDER BY sum(n) DESC, tool LIMIT 50`,
      [tenant, new Date(nowMs - 30 * DAY_MS)],
    ),
    getPool().query<{ system: string; type: string }>(
      `SELECT DISTINCT split_part(e.target, ':', 2) AS system, split_part(e.target, ':', 3) AS type
         FROM (SELECT id FROM decisions WHERE tenant = $1 ORDER BY occurred_at DESC, id DESC LIMIT 500) d
         JOIN edges e ON e.tenant = $1 AND e.source = d.id AND e.kind = 'created' ORDER BY 1, 2 LIMIT 20`,
      [tenant],
    ),
  ]);
  return {
    reconciliations: found.rows.map(toReconciliationRow),
    known: { systems: systems.rows, tools: tools.rows.map(({ tool }) => tool) },
  };
}
