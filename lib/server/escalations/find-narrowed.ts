import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import type { ProducerCaller } from '../machine-auth/require-producer';

/** How long a retry of what a person narrowed is recognised. */
const REMEMBERED_MS = 7 * 24 * 60 * 60_000;

/**
 * Where an action stands that came out of a person's edit, or was edited. The narrowed action, proposed exactly, is the
 * request that waits for it already: it takes this submission's key, once. The original, proposed again, is refused.
 * @returns the id of the narrowed request, or null when nothing was narrowed here
 * @throws ServiceError `request_superseded`, naming the request to propose instead
 */
export async function findNarrowed(
  tx: Tx,
  caller: Pick<ProducerCaller, 'tenant' | 'producerId'>,
  asked: { digest: string; idempotencyKey: string; requestDigest: string; nowMs: number },
): Promise<string | null> {
  const since = new Date(asked.nowMs - REMEMBERED_MS);
  const adopted = await tx.query<{ id: string }>(
    `UPDATE escalations SET idempotency_key = $4, request_digest = $5, adopted_at = $6
      WHERE id = (SELECT id FROM escalations WHERE tenant = $1 AND gateway = $2 AND action_digest = $3
          AND supersedes IS NOT NULL AND adopted_at IS NULL AND state <> 'superseded' AND created_at > $7
        ORDER BY created_at DESC LIMIT 1 FOR UPDATE)
      RETURNING id`,
    [
      caller.tenant,
      caller.producerId,
      asked.digest,
      asked.idempotencyKey,
      asked.requestDigest,
      new Date(asked.nowMs),
      since,
    ],
  );
  const own = adopted.rows[0];
  if (own) return own.id;
  const superseded = await tx.query<{ superseded_by: string }>(
    `SELECT superseded_by FROM escalations WHERE tenant = $1 AND gateway = $2 AND action_digest = $3
        AND superseded_by IS NOT NULL AND ended_at > $4 ORDER BY ended_at DESC LIMIT 1`,
    [caller.tenant, caller.producerId, asked.digest, since],
  );
  const successor = superseded.rows[0]?.superseded_by;
  if (successor !== undefined)
    throw new ServiceError(
      'request_superseded',
      `A person narrowed this action: propose that of ${successor}.`,
    );
  return null;
}
