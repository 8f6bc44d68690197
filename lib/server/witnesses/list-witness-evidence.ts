import type { WitnessEvidence } from '@/lib/evidence/evidence-source';
import type { WitnessType } from '@/lib/integrity/witness/witness-report';
import { getPool } from '../database/pool';
import { findEntryIndex } from '../log/find-entry-index';
import { getInclusion } from '../log/get-inclusion';

/**
 * What outside witnesses say of a record: of each, its earliest VALID receipt over a checkpoint that covers the record,
 * which is the earliest time it vouches for; or, while there is none, its earliest receipt that is not VALID yet. With
 * each the record's inclusion under that very checkpoint. Oldest checkpoint first. The caller has seen to it that the
 * record may be read.
 */
export async function listWitnessEvidence(stream: string, position: number): Promise<WitnessEvidence[]> {
  const index = await findEntryIndex(stream, position);
  if (index === null) return [];
  const rows = await getPool().query<{ witness: string; type: WitnessType; size: number; receipt: Buffer }>({
    name: 'witness-evidence',
    text: `SELECT w.name AS witness, w.type, r.size, r.receipt FROM witnesses w
      CROSS JOIN LATERAL (
        SELECT c.state, c.size FROM (
          (SELECT state, size FROM receipts WHERE witness = w.name AND state = 'complete' AND size > $1 ORDER BY size LIMIT 1)
          UNION ALL
          (SELECT state, size FROM receipts WHERE witness = w.name AND state = 'pending' AND size > $1 ORDER BY size LIMIT 1)
        ) AS c ORDER BY c.state LIMIT 1) AS chosen
      CROSS JOIN LATERAL (
        SELECT size, receipt FROM receipts
         WHERE witness = w.name AND size = chosen.size AND state = chosen.state ORDER BY n DESC LIMIT 1) AS r
      ORDER BY r.size, w.name`,
    values: [index],
  });
  const evidence = await Promise.all(
    rows.rows.map(async ({ witness, type, size, receipt }) => {
      const inclusion = await getInclusion(stream, position, { size });
      return inclusion ? [{ witness, type, receipt: new Uint8Array(receipt), inclusion }] : [];
    }),
  );
  return evidence.flat();
}
