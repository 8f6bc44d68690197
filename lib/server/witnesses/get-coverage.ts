import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';

/** How far outside authorities have seen the log, by VALID receipts under roots that are pinned now. */
export interface Coverage {
  /** Newest size that each distinct authority has seen, largest first. */
  sizes: number[];
  /** When the newest of these receipts was verified here. */
  lastAt: Date | null;
}

/** Roots whose trust was taken away, and not given again under another kind. */
const UNPINNED = `SELECT coalesce(array_agg(fingerprint), '{}') AS roots FROM (
    SELECT fingerprint FROM trust_roots WHERE unpinned_at IS NOT NULL
    EXCEPT SELECT fingerprint FROM trust_roots WHERE unpinned_at IS NULL) AS u`;

/**
 * The newest coverage of each distinct authority: two witnesses that end in one key, root or chain count once, and
 * receipts under a root that was unpinned count for nothing.
 */
export async function getCoverage(tx: Tx = getPool()): Promise<Coverage> {
  const rows = await tx.query<{ size: number; at: Date }>({
    name: 'witness-coverage',
    text: `WITH unpinned AS (${UNPINNED})
      SELECT max(c.size) AS size, max(c.verified_at) AS at
        FROM unpinned CROSS JOIN witnesses w
        CROSS JOIN LATERAL (
          SELECT r.size, r.authority, r.verified_at FROM receipts r
           WHERE r.witness = w.name AND r.state = 'complete' AND NOT r.roots && unpinned.roots
           ORDER BY r.size DESC LIMIT 1) AS c
       GROUP BY c.authority ORDER BY 1 DESC`,
  });
  const times = rows.rows.map(({ at }) => at.getTime());
  return {
    sizes: rows.rows.map(({ size }) => size),
    lastAt: times.length === 0 ? null : new Date(Math.max(...times)),
  };
}

/** The largest size that at least `required` authorities have seen; 0 for none. */
export function sizeSeenBy({ sizes }: Pick<Coverage, 'sizes'>, required: number): number {
  return sizes[Math.max(1, required) - 1] ?? 0;
}
