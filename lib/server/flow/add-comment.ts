import { soundsLikeVerdict } from '@/lib/escalations/sounds-like-verdict';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { findEscalation } from '../escalations/escalation-record';
import { publishEvent } from '../events/publish-event';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from '../reviews/reviewer';
import { storeReason } from '../reviews/store-reason';

const MAX_COMMENTS = 64;

/**
 * An internal word beside an escalation, for colleagues and never for the gateway, also after its end. It counts as
 * carrying a verdict when its author says so, has decided, or it sounds like one: then no reviewer sees it before their
 * own verdict.
 * @throws ServiceError `escalation_unknown`, `information_limit`
 */
export async function addComment(
  viewer: Reviewer,
  id: string,
  comment: { text: string; carriesVerdict: boolean },
  { nowMs = clockNowMs() } = {},
): Promise<string> {
  const tenant = viewer.tenant.id;
  return inTransaction(async (tx) => {
    const escalation = await findEscalation(tx, { tenant, id }, { lock: true });
    if (!escalation) throw new ServiceError('escalation_unknown');
    const counted = await tx.query<{ comments: number; decided: boolean }>(
      `SELECT (SELECT count(*)::int FROM comments WHERE escalation = $1) AS comments,
              EXISTS (SELECT 1 FROM reviews WHERE escalation = $1 AND tenant = $2 AND person = $3) AS decided`,
      [id, tenant, viewer.person.id],
    );
    const { comments = 0, decided = false } = counted.rows[0] ?? {};
    if (comments >= MAX_COMMENTS) throw new ServiceError('information_limit');
    const carries = comment.carriesVerdict || decided || soundsLikeVerdict(comment.text);
    const stored = await storeReason(tx, viewer, { escalation, text: comment.text, nowMs });
    const commentId = newId('cmt', nowMs);
    await tx.query(
      `INSERT INTO comments (id, tenant, escalation, person, text_ref, carries_verdict, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [commentId, tenant, id, viewer.person.id, stored.ref, carries, new Date(nowMs)],
    );
    await publishEvent(tx, { tenant, type: 'escalation.changed', id });
    await journal(tx, {
      tenant,
      kind: 'comment.added',
      id: commentId,
      body: {
        escalation_id: id,
        comment_id: commentId,
        person: viewer.person.id,
        text_digest: stored.digest,
      },
      occurredAtMs: nowMs,
    });
    return commentId;
  });
}
