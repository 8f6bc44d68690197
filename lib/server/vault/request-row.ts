import { type RequestKind, type RequestState, requestStateAt } from '@/lib/vault/access-policy';
import { identifierType } from '@/lib/vault/identifier-type';
import { lookPurpose } from '@/lib/vault/purpose';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';

export interface VaultRequest {
  id: string;
  tenant: string;
  kind: RequestKind;
  /** As of the time it was read for. */
  state: RequestState;
  requestedBy: string;
  authority: string;
  purpose: ReturnType<typeof lookPurpose.parse>;
  caseRef: string;
  target: string | null;
  identifierType: ReturnType<typeof identifierType.parse> | null;
  blindIndex: Uint8Array | null;
  requestedAt: Date;
  expiresAt: Date;
  decidedBy: string | null;
}

interface Row {
  id: string;
  tenant: string;
  kind: RequestKind;
  state: Exclude<RequestState, 'expired'>;
  requested_by: string;
  authority: string;
  purpose: string;
  case_ref: string;
  target: string | null;
  identifier_type: string | null;
  blind_index: Buffer | null;
  requested_at: Date;
  expires_at: Date;
  decided_by: string | null;
}

const COLUMNS =
  'id, tenant, kind, state, requested_by, authority, purpose, case_ref, target, identifier_type, blind_index, requested_at, expires_at, decided_by';

function toRequest(row: Row, nowMs: number): VaultRequest {
  return {
    id: row.id,
    tenant: row.tenant,
    kind: row.kind,
    state: requestStateAt({ state: row.state, expiresAtMs: row.expires_at.getTime() }, nowMs),
    requestedBy: row.requested_by,
    authority: row.authority,
    purpose: lookPurpose.parse(row.purpose),
    caseRef: row.case_ref,
    target: row.target,
    identifierType: row.identifier_type === null ? null : identifierType.parse(row.identifier_type),
    blindIndex: row.blind_index === null ? null : new Uint8Array(row.blind_index),
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    decidedBy: row.decided_by,
  };
}

/** @throws ServiceError `request_unknown`, for another tenant's as for none */
export async function lockRequestRow(
  tx: Tx,
  at: { tenant: string; id: string },
  nowMs: number,
): Promise<VaultRequest> {
  const found = await tx.query<Row>(
    `SELECT ${COLUMNS} FROM vault.requests WHERE id = $1 AND tenant = $2 FOR UPDATE`,
    [at.id, at.tenant],
  );
  if (!found.rows[0]) throw new ServiceError('request_unknown', 'No request has this id.');
  return toRequest(found.rows[0], nowMs);
}

/** The tenant's requests, those that wait first, then the newest. */
export async function listRequestRows(
  tx: Tx,
  tenant: string,
  most: number,
  nowMs: number,
): Promise<VaultRequest[]> {
  const { rows } = await tx.query<Row>(
    `SELECT ${COLUMNS} FROM vault.requests WHERE tenant = $1
      ORDER BY (state = 'pending' AND expires_at > $3) DESC, requested_at DESC, id DESC LIMIT $2`,
    [tenant, most, new Date(nowMs)],
  );
  return rows.map((row) => toRequest(row, nowMs));
}

/** A granted request of this person for reading this decision's contents, with the longest to go; null when there is none. */
export async function findPayloadGrant(
  tx: Tx,
  at: { tenant: string; person: string; decision: string },
  nowMs: number,
): Promise<VaultRequest | null> {
  const { rows } = await tx.query<Row>(
    `SELECT ${COLUMNS} FROM vault.requests
      WHERE tenant = $1 AND requested_by = $2 AND kind = 'payload' AND target = $3 AND state = 'granted' AND expires_at > $4
      ORDER BY expires_at DESC LIMIT 1`,
    [at.tenant, at.person, at.decision, new Date(nowMs)],
  );
  return rows[0] ? toRequest(rows[0], nowMs) : null;
}
