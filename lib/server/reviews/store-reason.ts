import { utf8 } from '@/lib/core/bytes';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { type SealedPayload, type StoredPayload, sealPayload } from '../payloads/store-payload';
import { withoutErased } from '../vault/subject-keys';
import type { Reviewer } from './reviewer';

interface GivenReason {
  escalation: Pick<EscalationRecord, 'subjects' | 'agent'> | null;
  text: string;
  salt?: Uint8Array | undefined;
  nowMs: number;
}

/**
 * Keeps the words of a reason as an erasable payload; records have its salted digest only. Whoever the escalation is about
 * can have them erased; a subject who was erased meanwhile keeps nobody from deciding.
 * @param given.salt 32 bytes, where the digest was stated before; else random
 */
export async function storeReason(tx: Tx, viewer: Reviewer, given: GivenReason): Promise<StoredPayload> {
  const { store, ...stored } = await sealReason(tx, viewer, given);
  await store();
  return stored;
}

/** The first half of it: the digest may be stated, nothing is kept yet (`sealPayload`). */
export async function sealReason(tx: Tx, viewer: Reviewer, given: GivenReason): Promise<SealedPayload> {
  const { escalation, text, salt, nowMs } = given;
  const tenant = viewer.tenant.id;
  const tokens = (escalation?.subjects ?? []).map(({ token }) => token);
  return sealPayload(
    tx,
    {
      tenant,
      kind: 'review_reason',
      subjects: [viewer.person.id, ...(await withoutErased(tenant, tokens))],
      ...(escalation ? { agent: escalation.agent } : {}),
      mediaType: 'text/plain',
      bytes: utf8(text),
      ...(salt ? { salt } : {}),
    },
    { nowMs },
  );
}
