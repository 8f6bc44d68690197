import { REQUEST_WAITS_MS, type RequestKind } from '@/lib/vault/access-policy';
import type { IdentifierType } from '@/lib/vault/identifier-type';
import type { LookPurpose } from '@/lib/vault/purpose';
import type { Tx } from '../database/transaction';
import { newId } from '../random';
import { journal } from '../records/journal';

export interface NewVaultRequest {
  tenant: string;
  kind: RequestKind;
  by: string;
  authority: string;
  purpose: LookPurpose;
  caseRef: string;
  target: string | null;
  identifier: { type: IdentifierType; blindIndex: Uint8Array } | null;
}

/** Leaves a request for a second person, and its record. The record says what is asked and never for which identifier. */
export async function insertRequest(
  tx: Tx,
  request: NewVaultRequest,
  { nowMs }: { nowMs: number },
): Promise<string> {
  const id = newId('vrq', nowMs);
  const { tenant, kind, by, authority, purpose, caseRef, target, identifier } = request;
  await tx.query(
    `INSERT INTO vault.requests (id, tenant, kind, state, requested_by, authority, purpose, case_ref, target, identifier_type,
       blind_index, requested_at, expires_at)
     VALUES ($1, $2, $3, 'pending', $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      id,
      tenant,
      kind,
      by,
      authority,
      purpose,
      caseRef,
      target,
      identifier?.type ?? null,
      identifier ? Buffer.from(identifier.blindIndex) : null,
      new Date(nowMs),
      new Date(nowMs + REQUEST_WAITS_MS),
    ],
  );
  await journal(tx, {
    tenant,
    kind: 'vault.request',
    id: newId('rec', nowMs),
    body: {
      request_id: id,
      state: 'requested',
      request: kind,
      person: by,
      authority,
      purpose,
      case: caseRef,
      target: target ?? undefined,
      identifier_type: identifier?.type,
    },
    occurredAtMs: nowMs,
  });
  return id;
}
