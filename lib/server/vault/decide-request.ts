import { GRANT_LASTS_MS } from '@/lib/vault/access-policy';
import type { VaultDecision } from '@/lib/vault/look-request';
import { nowMs as clockNowMs } from '../clock';
import type { Tx } from '../database/transaction';
import { inVaultTransaction } from '../database/vault-pool';
import { eraseSubject } from '../erasure/erase-subject';
import { ServiceError } from '../errors';
import { releaseHold } from '../holds/release-hold';
import { newId } from '../random';
import { journal } from '../records/journal';
import { lockRequestRow, type VaultRequest } from './request-row';
import { requireLookBehind, type VaultViewer } from './require-look-behind';

/**
 * A second person grants or refuses what somebody else asked for. A granted look waits for whoever asked to take it up; the
 * release of a hold and an erasure are done in this very transaction, with holds asked once more.
 * @throws ServiceError `role_required`, `request_unknown`, `own_request`, `request_ended`, and what the act itself throws
 */
export async function decideRequest(
  viewer: VaultViewer,
  id: string,
  decision: VaultDecision,
  { nowMs = clockNowMs() } = {},
): Promise<{ state: 'granted' | 'refused' | 'used' }> {
  const authority = requireLookBehind(viewer);
  const tenant = viewer.tenant.id;
  return inVaultTransaction(async (tx) => {
    const request = await lockRequestRow(tx, { tenant, id }, nowMs);
    if (request.requestedBy === viewer.person.id)
      throw new ServiceError('own_request', 'You asked for this yourself: somebody else decides.');
    if (request.state !== 'pending') throw new ServiceError('request_ended', 'This request has ended.');
    const state = decision === 'refuse' ? 'refused' : await grant(tx, request, viewer.person.id, nowMs);
    await tx.query(
      `UPDATE vault.requests SET state = $2, decided_by = $3, decided_at = $4, expires_at = $5,
         blind_index = CASE WHEN $2 = 'granted' THEN blind_index END WHERE id = $1`,
      [id, state, viewer.person.id, new Date(nowMs), new Date(nowMs + GRANT_LASTS_MS)],
    );
    await journal(tx, {
      tenant,
      kind: 'vault.request',
      id: newId('rec', nowMs),
      body: {
        request_id: id,
        state: decision === 'refuse' ? 'refused' : 'granted',
        request: request.kind,
        person: viewer.person.id,
        authority,
        requested_by: request.requestedBy,
        purpose: request.purpose,
        case: request.caseRef,
        target: request.target ?? undefined,
      },
      occurredAtMs: nowMs,
    });
    return { state };
  });
}

async function grant(
  tx: Tx,
  request: VaultRequest,
  grantedBy: string,
  nowMs: number,
): Promise<'granted' | 'used'> {
  if (request.kind === 'release') await releaseHold(tx, request, grantedBy, { nowMs });
  else if (request.kind === 'erase') await eraseSubject(tx, request, grantedBy, { nowMs });
  else return 'granted';
  return 'used';
}
