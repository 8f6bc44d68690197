import { decodeUtf8 } from '@/lib/core/bytes';
import { needsSecondPerson } from '@/lib/vault/access-policy';
import { type IdentifierType, identifierType } from '@/lib/vault/identifier-type';
import type { LookAnswer, RevealRequest } from '@/lib/vault/look-request';
import { nowMs as clockNowMs } from '../clock';
import type { Tx } from '../database/transaction';
import { inVaultTransaction } from '../database/vault-pool';
import { ServiceError } from '../errors';
import { unseal } from '../keys/seal';
import { findAccessPolicy } from './find-access-policy';
import { insertRequest } from './insert-request';
import { type NewLook, recordLook } from './record-look';
import { requireLookBehind, type VaultViewer } from './require-look-behind';
import { readKeys } from './subject-keys';

/**
 * The identifier behind a token. Where the policy asks for a second person, which it does unless data protection said
 * otherwise, the request waits.
 * @throws ServiceError `role_required`, `subject_unknown`, `subject_erased`
 */
export async function revealIdentifier(
  viewer: VaultViewer,
  request: RevealRequest,
  { nowMs = clockNowMs() } = {},
): Promise<LookAnswer> {
  const authority = requireLookBehind(viewer);
  const tenant = viewer.tenant.id;
  const { token, purpose, caseRef } = request;
  const because = { tenant, authority, purpose, caseRef };
  return inVaultTransaction(async (tx) => {
    await requireIdentifier(tx, tenant, token);
    const { policy } = await findAccessPolicy(tx, tenant);
    if (needsSecondPerson(policy, 'reveal')) {
      const waiting = await insertRequest(
        tx,
        { ...because, kind: 'reveal', by: viewer.person.id, target: token, identifier: null },
        { nowMs },
      );
      return { status: 'waiting', request: waiting };
    }
    return answerReveal(tx, { ...because, person: viewer.person.id, token, granted: null }, { nowMs });
  });
}

/** Opens the identifier, and records that somebody was shown it. */
export async function answerReveal(
  tx: Tx,
  look: Pick<NewLook, 'tenant' | 'person' | 'authority' | 'purpose' | 'caseRef' | 'granted'> & {
    token: string;
  },
  { nowMs }: { nowMs: number },
): Promise<LookAnswer> {
  const { token, ...because } = look;
  const row = await requireIdentifier(tx, look.tenant, token);
  const [held] = await readKeys(tx, look.tenant, [token]);
  const bytes =
    held?.id === row.key_id
      ? unseal(
          held.key,
          { nonce: new Uint8Array(row.nonce), ciphertext: new Uint8Array(row.ciphertext) },
          { tenant: look.tenant, subject: token, field: 'identifier', keyId: held.id },
        )
      : null;
  const text = bytes && decodeUtf8(bytes);
  // Altered or moved: content that cannot be had faithfully is not shown.
  if (!text?.ok) throw new ServiceError('payload_gone', 'The identifier is not what was stored.');
  const id = await recordLook(
    tx,
    { ...because, kind: 'reveal', identifierType: row.type, target: token, found: true },
    { nowMs },
  );
  return { status: 'revealed', token, type: row.type, identifier: text.value, look: id };
}

interface IdentifierRow {
  type: IdentifierType;
  key_id: string;
  nonce: Buffer;
  ciphertext: Buffer;
}

async function requireIdentifier(tx: Tx, tenant: string, token: string): Promise<IdentifierRow> {
  const found = await tx.query<IdentifierRow & { type: string }>(
    'SELECT type, key_id, nonce, ciphertext FROM vault.identifiers WHERE tenant = $1 AND token = $2',
    [tenant, token],
  );
  const row = found.rows[0];
  if (row) return { ...row, type: identifierType.parse(row.type) };
  const erased = await tx.query('SELECT 1 FROM erasures WHERE tenant = $1 AND token = $2', [tenant, token]);
  if (erased.rows.length > 0) throw new ServiceError('subject_erased', 'This subject was erased.');
  throw new ServiceError('subject_unknown', 'The vault holds no identifier under this token.');
}
