import type { ErasureReport } from '@/lib/retention/vault-overview';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { publishEvent } from '../events/publish-event';
import { SUBJECT_IS_HELD } from '../holds/hold-conditions';
import { lockHolds } from '../holds/lock-holds';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { VaultRequest } from '../vault/request-row';
import { lockSubject } from '../vault/subject-keys';

/**
 * Erases a subject in the caller's transaction under the vault's role: their data key, their identifier, every content
 * about them and what escalations about them say of the other side are gone with the commit, or nothing is. Signed records stay: they hold the token and salted digests, and every
 * proof over them still verifies. The record and the answer say what went and what remains.
 * @throws ServiceError `hold_applies`, `subject_unknown`, `subject_erased`
 */
export async function eraseSubject(
  tx: Tx,
  request: VaultRequest,
  grantedBy: string,
  { nowMs }: { nowMs: number },
): Promise<{ id: string; report: ErasureReport }> {
  const { tenant } = request;
  const token = request.target ?? '';
  await lockEscalations(tx, tenant, token);
  await lockHolds(tx, tenant);
  await lockSubject(tx, tenant, token);
  await requireErasable(tx, tenant, token);
  const recordId = newId('rec', nowMs);
  const payloads = await tx.query(
    `WITH gone AS (DELETE FROM payloads WHERE tenant = $1 AND subjects @> ARRAY[$2::text] RETURNING tenant, ref, digest)
     INSERT INTO payload_ends (tenant, ref, digest, cause, ended_at, record)
     SELECT tenant, ref, digest, 'erasure', $3, $4 FROM gone ON CONFLICT (tenant, ref) DO NOTHING`,
    [tenant, token, new Date(nowMs), recordId],
  );
  const sentences = await clearSentences(tx, tenant, token);
  await forgetAsked(tx, tenant, token);
  const identifiers = await tx.query('DELETE FROM vault.identifiers WHERE tenant = $1 AND token = $2', [
    tenant,
    token,
  ]);
  const keys = await tx.query('DELETE FROM vault.subject_keys WHERE tenant = $1 AND subject = $2', [
    tenant,
    token,
  ]);
  const report: ErasureReport = {
    keys: keys.rowCount ?? 0,
    identifiers: identifiers.rowCount ?? 0,
    payloads: payloads.rowCount ?? 0,
    sentences,
    remains: await countRemains(tx, tenant, token),
  };
  const id = newId('ers', nowMs);
  const record = await journal(tx, {
    tenant,
    kind: 'subject.erased',
    id: recordId,
    body: {
      erasure_id: id,
      token,
      request_id: request.id,
      person: request.requestedBy,
      authority: request.authority,
      granted_by: grantedBy,
      purpose: request.purpose,
      case: request.caseRef,
      erased: {
        keys: report.keys,
        identifiers: report.identifiers,
        payloads: report.payloads,
        sentences: report.sentences,
      },
      remains: report.remains,
      remains_because: 'records hold tokens and salted digests; proofs over them must still verify',
    },
    occurredAtMs: nowMs,
  });
  await tx.query(
    `INSERT INTO erasures (tenant, token, id, at, requested_by, granted_by, purpose, case_ref, report, stream, position)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      tenant,
      token,
      id,
      new Date(nowMs),
      request.requestedBy,
      grantedBy,
      request.purpose,
      request.caseRef,
      JSON.stringify(report),
      record.stream,
      record.position,
    ],
  );
  return { id, report };
}

/**
 * That there is somebody to erase, and that no hold keeps them.
 * @throws ServiceError `hold_applies`, `subject_unknown`, `subject_erased`
 */
export async function requireErasable(tx: Tx, tenant: string, token: string): Promise<void> {
  const found = await tx.query<{ erased: boolean; known: boolean; held: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM erasures e WHERE e.tenant = s.tenant AND e.token = s.token) AS erased,
            EXISTS (SELECT 1 FROM vault.identifiers i WHERE i.tenant = s.tenant AND i.token = s.token)
              OR EXISTS (SELECT 1 FROM vault.subject_keys k WHERE k.tenant = s.tenant AND k.subject = s.token)
              OR EXISTS (SELECT 1 FROM decision_subjects d WHERE d.tenant = s.tenant AND d.token = s.token) AS known,
            ${SUBJECT_IS_HELD} AS held
       FROM (VALUES ($1::text, $2::text)) AS s(tenant, token)`,
    [tenant, token],
  );
  const state = found.rows[0];
  if (state?.erased) throw new ServiceError('subject_erased', 'This subject was erased before.');
  if (!state?.known) throw new ServiceError('subject_unknown', 'Nothing is kept under this token.');
  if (state.held)
    throw new ServiceError('hold_applies', 'A legal hold covers this subject: nothing of it is erased.');
}

const ABOUT = `tenant = $1 AND (principal = $2 OR subjects @> jsonb_build_array(jsonb_build_object('token', $2::text)))`;

/** Before all else, as whoever decides one does; what appears after this is shut out by `lockSubject`. */
async function lockEscalations(tx: Tx, tenant: string, token: string): Promise<void> {
  await tx.query(`SELECT 1 FROM escalations WHERE ${ABOUT} ORDER BY id FOR UPDATE`, [tenant, token]);
}

/**
 * Takes out of the escalations about somebody what the agent called the other side: a name, an account. What was asked, for
 * how much and by which rule stays. Whoever has one open that still waits must see it anew.
 * @returns how many said anything
 */
async function clearSentences(tx: Tx, tenant: string, token: string): Promise<number> {
  const cleared = await tx.query<{ id: string; waits: boolean }>(
    `UPDATE escalations SET sentence = sentence - 'object' - 'preposition', counterparty = NULL,
        version = version + CASE WHEN state = 'pending' THEN 1 ELSE 0 END
      WHERE ${ABOUT} AND (sentence ? 'object' OR counterparty IS NOT NULL) RETURNING id, state = 'pending' AS waits`,
    [tenant, token],
  );
  for (const { id, waits } of cleared.rows)
    if (waits) await publishEvent(tx, { tenant, type: 'escalation.changed', id });
  return cleared.rows.length;
}

/** Requests to find this identifier have its blind index, and would keep it however they ended. */
async function forgetAsked(tx: Tx, tenant: string, token: string): Promise<void> {
  await tx.query(
    `UPDATE vault.requests r SET blind_index = NULL FROM vault.identifiers i
      WHERE i.tenant = $1 AND i.token = $2 AND r.tenant = i.tenant AND r.identifier_type = i.type
        AND r.blind_index = i.blind_index`,
    [tenant, token],
  );
}

async function countRemains(tx: Tx, tenant: string, token: string): Promise<ErasureReport['remains']> {
  const found = await tx.query<ErasureReport['remains']>(
    `SELECT (SELECT count(*)::int FROM decision_subjects WHERE tenant = $1 AND token = $2) AS decisions,
            (SELECT count(*)::int FROM escalations WHERE ${ABOUT}) AS escalations,
            (SELECT count(*)::int FROM looks WHERE tenant = $1 AND target = $2) AS looks`,
    [tenant, token],
  );
  return found.rows[0] ?? { decisions: 0, escalations: 0, looks: 0 };
}
