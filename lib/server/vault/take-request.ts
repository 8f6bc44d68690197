import type { LookAnswer } from '@/lib/vault/look-request';
import { nowMs as clockNowMs } from '../clock';
import { inVaultTransaction } from '../database/vault-pool';
import { ServiceError } from '../errors';
import { answerFind } from './find-subject';
import { lockRequestRow } from './request-row';
import { requireLookBehind, type VaultViewer } from './require-look-behind';
import { answerReveal } from './reveal-identifier';

/**
 * The answer to a look that somebody else has granted, once, to whoever asked for it.
 * @throws ServiceError `role_required`, `request_unknown`, `request_ended`, `subject_erased`, `subject_unknown`
 */
export async function takeRequest(
  viewer: VaultViewer,
  id: string,
  { nowMs = clockNowMs() } = {},
): Promise<LookAnswer> {
  const authority = requireLookBehind(viewer);
  const tenant = viewer.tenant.id;
  return inVaultTransaction(async (tx) => {
    const request = await lockRequestRow(tx, { tenant, id }, nowMs);
    const isLook = request.kind === 'find' || request.kind === 'reveal';
    if (!isLook || request.requestedBy !== viewer.person.id)
      throw new ServiceError('request_unknown', 'No look of yours has this id.');
    if (request.state === 'pending') return { status: 'waiting', request: id };
    if (request.state !== 'granted' || request.decidedBy === null)
      throw new ServiceError('request_ended', 'This request has ended: ask again.');
    await tx.query(`UPDATE vault.requests SET state = 'used', blind_index = NULL WHERE id = $1`, [id]);
    const look = {
      tenant,
      person: viewer.person.id,
      authority,
      purpose: request.purpose,
      caseRef: request.caseRef,
      granted: { request: id, by: request.decidedBy },
    };
    if (request.kind === 'reveal' && request.target !== null)
      return answerReveal(tx, { ...look, token: request.target }, { nowMs });
    if (request.identifierType === null || request.blindIndex === null)
      throw new ServiceError('request_ended', 'This request has ended: ask again.');
    return answerFind(tx, { ...look, type: request.identifierType, index: request.blindIndex }, { nowMs });
  });
}
