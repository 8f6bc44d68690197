import { formatBase64 } from '@/lib/core/encoding';
import type { DecisionMaterial } from '@/lib/evidence/verification-material';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { fetchParent } from './fetch-parent';
import { listForeignRecords } from './list-foreign-records';
import { listGivingPeers } from './peer-row';

/** Somebody waits for the page: a peer that does not answer in this time is asked again later. */
const LONGEST_MS = 4_000;

const ASKED_AT_ONCE = 8;

/** The decision's parents that live at peers, fetched now when they were never had. */
export async function getForeignParents(
  tenant: string,
  decisionId: string,
  { nowMs = clockNowMs() } = {},
): Promise<NonNullable<DecisionMaterial['foreignParents']>> {
  const pool = getPool();
  const missing = await pool.query<{ id: string }>(
    `SELECT e.target AS id FROM edges e WHERE e.tenant = $1 AND e.source = $2 AND e.kind = 'parent'
        AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.id = e.target AND d.tenant = $1) LIMIT 64`,
    [tenant, decisionId],
  );
  const ids = missing.rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  if ((await listGivingPeers(pool, tenant)).length > 0) {
    const signal = AbortSignal.timeout(LONGEST_MS);
    await Promise.all(ids.slice(0, ASKED_AT_ONCE).map((id) => fetchParent(tenant, id, { nowMs, signal })));
  }
  return (await listForeignRecords(pool, tenant, ids)).map(({ evidence, ...row }) => ({
    ...row,
    evidence: formatBase64(evidence),
  }));
}
