import { type TrustRoot, type TrustRootKind, trustRoot } from '@/lib/evidence/trust/trust-root';
import type { TrustRootView } from '@/lib/evidence/witness-view';
import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';

interface Row {
  root: unknown;
  pinned_by: string;
  pinned_at: Date;
  unpinned_at: Date | null;
}

/** What receipts are verified under: every root (of these kinds) that somebody pinned and nobody unpinned. */
export async function listPinnedRoots(
  kinds: readonly TrustRootKind[] | null = null,
  tx: Tx = getPool(),
): Promise<TrustRoot[]> {
  const rows = await tx.query<Pick<Row, 'root'>>({
    name: 'pinned-roots',
    text: `SELECT root FROM trust_roots WHERE unpinned_at IS NULL AND ($1::text[] IS NULL OR kind = ANY($1))
      ORDER BY pinned_at, kind, fingerprint`,
    values: [kinds],
  });
  return rows.rows.map(({ root }) => trustRoot.parse(root));
}

/** The same with who pinned them when, in words for somebody of this organisation; the unpinned last. */
export async function listTrustRoots(tenant: string): Promise<TrustRootView[]> {
  const rows = await getPool().query<Row>(
    `SELECT root, pinned_by, pinned_at, unpinned_at FROM trust_roots
      ORDER BY unpinned_at DESC NULLS FIRST, pinned_at DESC, kind, fingerprint`,
  );
  const names = await findNames(tenant, [...new Set(rows.rows.map(({ pinned_by }) => pinned_by))]);
  return rows.rows.map((row) => ({
    root: trustRoot.parse(row.root),
    pinnedBy: names.get(row.pinned_by) ?? PLACES[row.pinned_by] ?? 'an administrator of another organisation',
    pinnedAt: row.pinned_at.toISOString(),
    unpinnedAt: row.unpinned_at?.toISOString() ?? null,
  }));
}

/** Who pins without being a person. */
const PLACES: Readonly<Record<string, string>> = {
  cli: 'the operator of this console',
  setup: 'the set-up of the demo',
};

/** Names of this organisation's own people; those of others are none of its business. */
async function findNames(tenant: string, people: readonly string[]): Promise<Map<string, string>> {
  const rows = await getPool().query<{ id: string; name: string }>(
    'SELECT p.id, p.name FROM people p JOIN memberships m ON m.person = p.id WHERE m.tenant = $1 AND p.id = ANY($2)',
    [tenant, people],
  );
  return new Map(rows.rows.map(({ id, name }) => [id, name]));
}

/** What is pinned on this console, each root with who says so: what its verification rests on. */
export async function listTrust(tenant: string): Promise<TrustRoot[]> {
  const roots = await listTrustRoots(tenant);
  return roots
    .filter(({ unpinnedAt }) => unpinnedAt === null)
    .map(({ root, pinnedBy, pinnedAt }) => ({
      ...root,
      pinned: { by: `${pinnedBy}, on this console`.slice(0, 200), at: pinnedAt },
    }));
}
