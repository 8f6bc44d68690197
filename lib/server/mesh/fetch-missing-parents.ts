import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { fetchParent } from './fetch-parent';

const MAX_PER_PASS = 10;

/**
 * Asks peers for the parents that waiting actions and open lineage holes name and that are not here, as far as their pauses
 * have passed. Only organisations that take parents from a peer are looked at.
 */
export async function fetchMissingParents({ nowMs = clockNowMs() } = {}): Promise<number> {
  const missing = await getPool().query<{ tenant: string; id: string }>(
    `WITH takers AS (SELECT DISTINCT tenant FROM mesh_shares WHERE takes),
       wanted AS (
         SELECT e.tenant, p.target AS id FROM takers t JOIN escalations e ON e.tenant = t.tenant AND e.state = 'pending'
           JOIN edges p ON p.tenant = e.tenant AND p.source = e.decision AND p.kind = 'parent'
         UNION
         SELECT c.tenant, substr(c.scope, length('decision:') + 1) FROM takers t
           JOIN integrity_conditions c ON c.tenant = t.tenant AND c.resolved_at IS NULL AND c.code = 'lineage_hole')
     SELECT w.tenant, w.id FROM wanted w
      WHERE NOT EXISTS (SELECT 1 FROM decisions d WHERE d.id = w.id AND d.tenant = w.tenant)
        AND NOT EXISTS (SELECT 1 FROM foreign_records f WHERE f.tenant = w.tenant AND f.id = w.id)
        AND NOT EXISTS (SELECT 1 FROM foreign_attempts a WHERE a.tenant = w.tenant AND a.id = w.id AND a.next_at > $1)
      LIMIT ${MAX_PER_PASS}`,
    [new Date(nowMs)],
  );
  let held = 0;
  for (const { tenant, id } of missing.rows) held += (await fetchParent(tenant, id, { nowMs })) ? 1 : 0;
  return held;
}
