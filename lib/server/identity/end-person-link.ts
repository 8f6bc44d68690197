import { isMeaningful } from '@/lib/escalations/reason';
import type { EndPersonLinkRequest } from '@/lib/identity/person-requests';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { recheckRaises } from '../escalations/recheck-raises';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from '../reviews/reviewer';
import { storeReason } from '../reviews/store-reason';
import { lockMember } from './create-person';
import { findHumans } from './find-humans';

/**
 * Ends a link that was wrong, or is so no longer, with a reason. Whatever was asked while it stood is still measured by it,
 * so that ending one opens no request that waits. Of two linked accounts it may be said from either side. The caller has
 * authorised the viewer as a compliance officer.
 * @throws ServiceError `not_found` when the person is no member or no such link stands, `reason_required`,
 * `duplicate_human` when it concerns the viewer, under whichever account
 */
export async function endPersonLink(
  viewer: Reviewer,
  person: string,
  { link, reasonCode, reasonText }: EndPersonLinkRequest,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const tenant = viewer.tenant.id;
  if (!isMeaningful(reasonText))
    throw new ServiceError('reason_required', 'Say why the link ends, in words that say something.');
  await inTransaction(async (tx) => {
    await lockMember(tx, { tenant, person });
    const { humanOf } = await findHumans(tx, tenant);
    if (humanOf(person) === humanOf(viewer.person.id))
      throw new ServiceError('duplicate_human', 'Somebody whom the link does not concern must end it.');
    const text = await storeReason(tx, viewer, { escalation: null, text: reasonText, nowMs });
    const ended = await tx.query<{ person: string; value: string }>(
      `UPDATE person_links SET ended_at = $5, ended_by = $6, ending = $7, ending_ref = $8
        WHERE tenant = $1 AND kind = $2 AND ended_at IS NULL
          AND (person = $3 AND value = $4 OR kind = 'person' AND person = $4 AND value = $3)
        RETURNING person, value`,
      [tenant, link.kind, person, link.value, new Date(nowMs), viewer.person.id, reasonCode, text.ref],
    );
    const row = ended.rows[0];
    if (!row) throw new ServiceError('not_found', 'No such link stands.');
    await recheckRaises(tx, tenant);
    await journal(tx, {
      tenant,
      kind: 'authority.changed',
      id: newId('rec', nowMs),
      body: {
        person: row.person,
        change: 'unlinked',
        link: { kind: link.kind, value: row.value },
        reason_code: reasonCode,
        reason_digest: text.digest,
        changed_by: viewer.person.id,
      },
      occurredAtMs: nowMs,
    });
  });
}
