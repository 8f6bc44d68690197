import { type TrustRoot, trustRoot } from '@/lib/evidence/trust/trust-root';
import type { TrustRootView } from '@/lib/evidence/witness-view';
import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';

interface Row {
  root: unknown;
  pinned_by: string;
  pinned_at: Date;
  unpinned_at: Date | null;
}

/** What receipts are verified under: every root that somebody pinned and nobody unpinned. */
export async function listPinnedRoots(tx: Tx = getPool()): Promise<TrustRoot[]> {
  const rows = await tx.query<Pick<Row, 'root'>>({
    name: 'pinned-roots',
    text: 'SELECT root FROM trust_roots WHERE unpinned_at IS NULL ORDER BY pinned_at, kind, fingerprint',
  });
  return rows.rows.map(({ root }) => trustRoot.parse(root));
}

/** The same with who pinned them when, the unpinned included, newest first. `pinnedBy` is a person's id, `cli` or `setup`. */
export async function listTrustRoots(): Promise<TrustRootView[]> {
  const rows = await getPool().query<Row>(
    `SELECT root, pinned_by, pinned_at, unpinned_at FROM trust_roots
      ORDER BY unpinned_at NULLS FIRST, pinned_at DESC, kind, fingerprint`,
  );
  return rows.rows.map((row) => ({
    root: trustRoot.parse(row.root),
    pinnedBy: row.pinned_by,
    pinnedAt: row.pinned_at.toISOString(),
    unpinnedAt: row.unpinned_at?.toISOString() ?? null,
  }));
}
