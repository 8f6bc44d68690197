import type { IdentifierType } from '@/lib/vault/identifier-type';
import type { LookPurpose } from '@/lib/vault/purpose';
import type { Tx } from '../database/transaction';
import { newId } from '../random';
import { journal } from '../records/journal';

export interface NewLook {
  tenant: string;
  kind: 'find' | 'reveal' | 'payload';
  person: string;
  authority: string;
  purpose: LookPurpose;
  caseRef: string;
  identifierType: IdentifierType | null;
  /** The token that was found or looked behind, the decision whose contents were read. */
  target: string | null;
  found: boolean;
  granted: { request: string; by: string } | null;
  /** Contents that were shown, by reference and salted digest. */
  payloads?: { ref: string; digest: string }[];
}

/**
 * Records a look behind a token or a digest, in the transaction that answers it: no record, no answer. The record and the row
 * hold a token at most, never what is behind it.
 * @returns the look's id
 */
export async function recordLook(tx: Tx, look: NewLook, { nowMs }: { nowMs: number }): Promise<string> {
  const id = newId('rec', nowMs);
  const { tenant, kind, person, authority, purpose, caseRef, target, found, granted } = look;
  const record = await journal(tx, {
    tenant,
    kind: kind === 'payload' ? 'payload.read' : 'vault.lookup',
    id,
    body: {
      ...(kind === 'payload'
        ? { decision_id: target ?? undefined }
        : { look: kind, token: target ?? undefined, found }),
      person,
      authority,
      purpose,
      case: caseRef,
      identifier_type: look.identifierType ?? undefined,
      request_id: granted?.request,
      granted_by: granted?.by,
      payloads: look.payloads,
    },
    occurredAtMs: nowMs,
  });
  await tx.query(
    `INSERT INTO looks (id, tenant, kind, at, person, authority, purpose, case_ref, identifier_type, target, found, request,
       granted_by, stream, position)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      id,
      tenant,
      kind,
      new Date(nowMs),
      person,
      authority,
      purpose,
      caseRef,
      look.identifierType,
      target,
      found,
      granted?.request ?? null,
      granted?.by ?? null,
      record.stream,
      record.position,
    ],
  );
  return id;
}
