import { equalBytes, utf8 } from '@/lib/core/bytes';
import { needsSecondPerson } from '@/lib/vault/access-policy';
import type { IdentifierType } from '@/lib/vault/identifier-type';
import type { FindRequest, LookAnswer } from '@/lib/vault/look-request';
import { normaliseIdentifier } from '@/lib/vault/normalise-identifier';
import { nowMs as clockNowMs } from '../clock';
import type { Tx } from '../database/transaction';
import { inVaultTransaction } from '../database/vault-pool';
import { ServiceError } from '../errors';
import { blindIndex } from './blind-index';
import { findAccessPolicy } from './find-access-policy';
import { insertRequest } from './insert-request';
import { type NewLook, recordLook } from './record-look';
import { requireLookBehind, type VaultViewer } from './require-look-behind';
import { requireNormalised } from './require-normalised';

/**
 * "I only have the real identifier": the token that stands for it in records. Where the policy asks for a second person the
 * request waits, with the identifier's blind index in its place. The look is recorded also when nothing is found.
 * @throws ServiceError `role_required`, `identifier_invalid`, `malformed_request`
 */
export async function findSubject(
  viewer: VaultViewer,
  request: FindRequest,
  { nowMs = clockNowMs() } = {},
): Promise<LookAnswer> {
  const authority = requireLookBehind(viewer);
  const tenant = viewer.tenant.id;
  const { type, purpose, caseRef } = request;
  const normalised = requireNormalised(type, request.identifier);
  requireCaseIsNoIdentifier(type, caseRef, normalised);
  const index = blindIndex(tenant, type, normalised);
  const because = { tenant, authority, purpose, caseRef };
  return inVaultTransaction(async (tx) => {
    const { policy } = await findAccessPolicy(tx, tenant);
    if (needsSecondPerson(policy, 'find')) {
      const waiting = await insertRequest(
        tx,
        {
          ...because,
          kind: 'find',
          by: viewer.person.id,
          target: null,
          identifier: { type, blindIndex: index },
        },
        { nowMs },
      );
      return { status: 'waiting', request: waiting };
    }
    return answerFind(tx, { ...because, person: viewer.person.id, type, index, granted: null }, { nowMs });
  });
}

/** Looks, and records that somebody looked. */
export async function answerFind(
  tx: Tx,
  look: Pick<NewLook, 'tenant' | 'person' | 'authority' | 'purpose' | 'caseRef' | 'granted'> & {
    type: IdentifierType;
    index: Uint8Array;
  },
  { nowMs }: { nowMs: number },
): Promise<LookAnswer> {
  const { type, index, ...because } = look;
  const found = await tx.query<{ token: string }>(
    'SELECT token FROM vault.identifiers WHERE tenant = $1 AND type = $2 AND blind_index = $3',
    [look.tenant, type, Buffer.from(index)],
  );
  const token = found.rows[0]?.token ?? null;
  const id = await recordLook(
    tx,
    { ...because, kind: 'find', identifierType: type, target: token, found: token !== null },
    { nowMs },
  );
  return token === null ? { status: 'unknown', look: id } : { status: 'found', token, look: id };
}

/** A case number stands in records for ever: it must not be the identifier itself. */
function requireCaseIsNoIdentifier(type: IdentifierType, caseRef: string, normalised: string): void {
  const asIdentifier = normaliseIdentifier(type, caseRef);
  if (asIdentifier.ok && equalBytes(utf8(asIdentifier.value), utf8(normalised)))
    throw new ServiceError('malformed_request', 'The case number is the identifier: records would hold it.');
}
