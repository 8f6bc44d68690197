import type { ChangeComparison } from '@/lib/analytics/change-comparison';
import { getPool } from '../database/pool';

/** What everybody of the organisation may read anyway. */
const OPEN_KINDS = ['policy', 'threshold'];

interface Row {
  side: 'from' | 'to';
  digest: string;
  kind: string;
  content: string | null;
}

/**
 * The texts of the versions before and after, as far as the console holds them. Of a change that was announced they are
 * those whose digests its record names; of one that was not, those that decisions named by the same name and version.
 */
export async function findVersionTexts(
  tenant: string,
  { id, announced, record, name, fromVersion, toVersion }: ChangeComparison['subject'],
  mayRead: boolean,
): Promise<ChangeComparison['texts']> {
  const found = await getPool().query<Row>(
    announced && record
      ? `SELECT CASE e.kind WHEN 'changes' THEN 'to' ELSE 'from' END AS side, v.digest, v.kind,
            COALESCE(v.content, p.document) AS content
           FROM edges e JOIN versions v ON v.tenant = e.tenant AND v.digest = e.target
           LEFT JOIN policies p ON p.tenant = v.tenant AND p.digest = v.digest
          WHERE e.tenant = $1 AND e.source = $2 AND e.kind IN ('changes', 'replaces')`
      : `SELECT CASE WHEN v.version = $4 THEN 'to' ELSE 'from' END AS side, v.digest, v.kind, v.content
           FROM versions v WHERE v.tenant = $1 AND v.name = $2 AND v.version = ANY(ARRAY[$3, $4]::text[])`,
    announced && record ? [tenant, id] : [tenant, name, fromVersion, toVersion],
  );
  const sideOf = (side: Row['side']) => {
    const row = found.rows.find((each) => each.side === side);
    if (!row) return null;
    return { digest: row.digest, content: mayRead || OPEN_KINDS.includes(row.kind) ? row.content : null };
  };
  return { from: sideOf('from'), to: sideOf('to') };
}
