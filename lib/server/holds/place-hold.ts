import { utf8 } from '@/lib/core/bytes';
import { parseInstant } from '@/lib/core/instant';
import type { PlaceHoldRequest } from '@/lib/retention/hold';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { storePayload } from '../payloads/store-payload';
import { newId } from '../random';
import { journal } from '../records/journal';
import { requireLookBehind, type VaultViewer } from '../vault/require-look-behind';
import { lockHolds } from './lock-holds';

/**
 * Places a legal hold: from its commit on nothing that it covers is deleted, by whatever schedule or erasure. The record names
 * scope, case and reason; the reason's own words are an erasable payload.
 * @throws ServiceError `role_required`
 */
export async function placeHold(
  viewer: VaultViewer,
  request: PlaceHoldRequest,
  { nowMs = clockNowMs() } = {},
): Promise<{ id: string }> {
  const authority = requireLookBehind(viewer);
  const tenant = viewer.tenant.id;
  const id = newId('hold', nowMs);
  const { scope, caseRef, reasonCode } = request;
  await inTransaction(async (tx) => {
    await lockHolds(tx, tenant);
    const reason = await storePayload(
      tx,
      {
        tenant,
        kind: 'hold_reason',
        subjects: [viewer.person.id],
        mediaType: 'text/plain',
        bytes: utf8(request.reasonText),
      },
      { nowMs },
    );
    const record = await journal(tx, {
      tenant,
      kind: 'hold.placed',
      id: newId('rec', nowMs),
      body: {
        hold_id: id,
        scope: {
          subjects: scope.subjects,
          agents: scope.agents,
          from: scope.from ?? undefined,
          until: scope.until ?? undefined,
          case: scope.caseRef ?? undefined,
        },
        case: caseRef,
        reason_code: reasonCode,
        reason_digest: reason.digest,
        person: viewer.person.id,
        authority,
      },
      occurredAtMs: nowMs,
    });
    await tx.query(
      `INSERT INTO holds (id, tenant, subjects, agents, from_at, until_at, scope_case, case_ref, reason_code, reason_ref,
         placed_by, authority, placed_at, stream, position)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        id,
        tenant,
        scope.subjects,
        scope.agents,
        toDate(scope.from),
        toDate(scope.until),
        scope.caseRef,
        caseRef,
        reasonCode,
        reason.ref,
        viewer.person.id,
        authority,
        new Date(nowMs),
        record.stream,
        record.position,
      ],
    );
  });
  return { id };
}

function toDate(text: string | null): Date | null {
  const at = text === null ? null : parseInstant(text);
  return at?.ok ? new Date(at.value) : null;
}
