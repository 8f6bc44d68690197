import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from './reviewer';

/** That a passkey's counter went backwards is recorded, although the verdict that it came with is not. */
export async function recordClonedPasskey(
  viewer: Reviewer,
  credentialId: string,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  await inTransaction((tx) =>
    journal(tx, {
      tenant: viewer.tenant.id,
      kind: 'incident',
      id: newId('rec', nowMs),
      body: { code: 'passkey_cloned', person: viewer.person.id, credential_id: credentialId },
      occurredAtMs: nowMs,
    }),
  );
}
