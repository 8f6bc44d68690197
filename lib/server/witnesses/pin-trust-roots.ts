import { formatDigest, sha256 } from '@/lib/core/hash';
import { parseTrustFile } from '@/lib/evidence/trust/parse-trust-file';
import { TRUST_SENTENCES } from '@/lib/evidence/trust/trust-error';
import type { TrustHints } from '@/lib/evidence/trust/trust-hints';
import type { TrustRoot } from '@/lib/evidence/trust/trust-root';
import { PINNABLE_KINDS, type UnpinRootRequest } from '@/lib/evidence/witness-view';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { journalEverywhere } from './journal-everywhere';

/** A record lists so many roots by name; the file's digest stands for all. */
const LISTED = 64;
const LOOKED_AT_AGAIN = 5_000;

/**
 * Pins every root of a file, so that receipts count under them from now on; those that wait for a root are verified
 * again at once. Recorded in every organisation's journal.
 * @throws ServiceError `trust_file_invalid`, saying why; nothing is pinned then
 */
export async function pinTrustRoots(
  input: {
    file: string;
    bytes: Uint8Array;
    hints?: TrustHints /** Person id, `cli` or `setup`. */;
    by: string;
  },
  { nowMs = clockNowMs() } = {},
): Promise<TrustRoot[]> {
  const parsed = parseTrustFile(input.file, input.bytes, input.hints);
  if (!parsed.ok) throw new ServiceError('trust_file_invalid', TRUST_SENTENCES[parsed.code]);
  const foreign = parsed.value.find(({ kind }) => !(PINNABLE_KINDS as readonly string[]).includes(kind));
  if (foreign) {
    throw new ServiceError(
      'trust_file_invalid',
      'The file holds keys of producers or for approvals: those are registered here, not pinned.',
    );
  }
  const roots = [...new Map(parsed.value.map((root) => [`${root.kind} ${root.fingerprint}`, root])).values()];
  await inTransaction(async (tx) => {
    await tx.query(
      `INSERT INTO trust_roots (fingerprint, kind, root, pinned_by, pinned_at)
       SELECT r.fingerprint, r.kind, r.root, $4, $5 FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS r(fingerprint, kind, root)
       ON CONFLICT (fingerprint, kind) DO UPDATE SET root = EXCLUDED.root, pinned_by = EXCLUDED.pinned_by,
         pinned_at = EXCLUDED.pinned_at, unpinned_at = NULL`,
      [
        roots.map(({ fingerprint }) => fingerprint),
        roots.map(({ kind }) => kind),
        roots.map(({ pinned: _others, ...root }) => JSON.stringify(root)),
        input.by,
        new Date(nowMs),
      ],
    );
    await lookAgain(tx, new Date(nowMs));
    await journalEverywhere(tx, {
      kind: 'trust.changed',
      body: {
        change: 'pinned',
        file_digest: formatDigest('sha-256', sha256(input.bytes)),
        count: roots.length,
        roots: roots.slice(0, LISTED).map(({ kind, fingerprint }) => ({ kind, fingerprint })),
        by: input.by,
      },
      nowMs,
    });
  });
  return roots;
}

/**
 * Takes a root's trust away: what rests on it counts for nothing from now on. The receipts stay, and count again if the
 * root is pinned again. Recorded in every organisation's journal.
 * @throws ServiceError `trust_root_unknown`
 */
export async function unpinTrustRoot(
  { kind, fingerprint, by }: UnpinRootRequest & { by: string },
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  await inTransaction(async (tx) => {
    const updated = await tx.query(
      'UPDATE trust_roots SET unpinned_at = $3 WHERE kind = $1 AND fingerprint = $2 AND unpinned_at IS NULL',
      [kind, fingerprint, new Date(nowMs)],
    );
    if (!updated.rowCount) throw new ServiceError('trust_root_unknown');
    await journalEverywhere(tx, {
      kind: 'trust.changed',
      body: { change: 'unpinned', count: 1, roots: [{ kind, fingerprint }], by },
      nowMs,
    });
  });
}

/** Every receipt that is kept and not VALID yet, newest first, is verified again under what is pinned now. */
async function lookAgain(tx: Tx, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO witness_jobs (witness, size, kind, attempts, next_at, created_at)
     SELECT r.witness, r.size, 'upgrade', 0, $1, $1 FROM receipts r
      WHERE r.state = 'pending'
        AND NOT EXISTS (SELECT 1 FROM receipts c WHERE c.witness = r.witness AND c.size = r.size AND c.state = 'complete')
      GROUP BY r.witness, r.size ORDER BY r.size DESC LIMIT ${LOOKED_AT_AGAIN}
     ON CONFLICT (witness, size, kind) DO UPDATE SET next_at = EXCLUDED.next_at`,
    [now],
  );
}
