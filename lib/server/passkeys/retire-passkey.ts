import type { PasskeyEnding } from '@/lib/identity/passkey-requests';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';

/**
 * Ends a passkey: nothing signed with it counts from this record on; what it signed before stays verifiable for ever. The
 * caller has authorised `by`: the person themselves, or an administrator of the organisation.
 * @throws ServiceError `passkey_unknown`, `passkey_revoked` when it had ended before
 */
export async function retirePasskey(
  input: { tenant: string; person: string; passkey: string; reason: PasskeyEnding; by: string },
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const { tenant, person, passkey, reason, by } = input;
  await inTransaction(async (tx) => {
    const found = await tx.query<{ credential_id: string; retired_at: Date | null }>(
      'SELECT credential_id, retired_at FROM passkeys WHERE id = $1 AND tenant = $2 AND person = $3 FOR UPDATE',
      [passkey, tenant, person],
    );
    const row = found.rows[0];
    if (!row) throw new ServiceError('passkey_unknown');
    if (row.retired_at) throw new ServiceError('passkey_revoked', 'It had ended before.');
    const record = await journal(tx, {
      tenant,
      kind: 'key.retired',
      id: newId('rec', nowMs),
      body: { key: 'passkey', person, credential_id: row.credential_id, reason_code: reason, by },
      occurredAtMs: nowMs,
    });
    await tx.query('UPDATE passkeys SET retired_at = $2, ending = $3, retired_position = $4 WHERE id = $1', [
      passkey,
      new Date(nowMs),
      reason,
      record.position,
    ]);
  });
}
