import { readRecord } from '@/lib/decisions/read-record';
import { decisionBody } from '@/lib/decisions/record-payload';
import type { Viewer } from '@/lib/identity/viewer';
import type { DecisionContent, DecisionContents } from '@/lib/vault/payload-content';
import { nowMs as clockNowMs } from '../clock';
import type { Tx } from '../database/transaction';
import { getVaultPool } from '../database/vault-pool';
import { getDecision } from '../decisions/get-decision';
import { listPayloadRefs } from '../evidence/gather-payloads';
import { PAYLOAD_IS_HELD } from '../holds/hold-conditions';
import { findPayloadReader } from './find-payload-reader';

interface Row {
  ref: string;
  digest: string | null;
  byte_count: number | null;
  media_type: string | null;
  expires_at: Date | null;
  held: boolean | null;
  cause: 'retention' | 'erasure' | null;
  ended_at: Date | null;
}

/**
 * What the records of a decision digest and whether it is still kept; where it is gone, by which cause and when. Nothing of it
 * is read here.
 * @throws ServiceError `not_found`
 */
export async function listDecisionContents(
  viewer: Viewer,
  decisionId: string,
  { nowMs = clockNowMs() } = {},
): Promise<DecisionContents> {
  const tx = getVaultPool();
  const tenant = viewer.tenant.id;
  const detail = await getDecision(viewer, decisionId);
  const named = await listPayloadRefs(tx, tenant, detail);
  const rows = await findRows(
    tx,
    tenant,
    named.map(({ ref }) => ref),
  );
  const reader = await findPayloadReader(tx, viewer, decisionId, { nowMs });
  const mayAsk =
    !viewer.roles.includes('admin') &&
    viewer.roles.some((role) => role === 'auditor' || role === 'data_protection');
  const read = detail.record ? readRecord(detail.record) : null;
  const body = read?.ok ? decisionBody.safeParse(read.value.payload.body) : null;
  const { subjects = [], principal } = body?.data?.identity ?? {};
  return {
    contents: named.map(({ role, ref }) => toContent(role, ref, rows.get(ref))),
    erased: await findErased(tx, tenant, [
      ...subjects.map(({ token }) => token),
      ...(principal ? [principal.token] : []),
    ]),
    reading: reader ? 'yes' : mayAsk ? 'ask' : 'no',
  };
}

async function findRows(tx: Tx, tenant: string, refs: readonly string[]): Promise<Map<string, Row>> {
  const { rows } = await tx.query<Row>(
    `SELECT asked.ref, coalesce(p.digest, e.digest) AS digest, p.byte_count, p.media_type, p.expires_at,
            CASE WHEN p.ref IS NOT NULL THEN ${PAYLOAD_IS_HELD} END AS held, e.cause, e.ended_at
       FROM unnest($2::text[]) AS asked(ref)
       LEFT JOIN payloads p ON p.ref = asked.ref AND p.tenant = $1
       LEFT JOIN payload_ends e ON e.ref = asked.ref AND e.tenant = $1`,
    [tenant, refs],
  );
  return new Map(rows.map((row) => [row.ref, row]));
}

function toContent(role: string, ref: string, row: Row | undefined): DecisionContent {
  const kept = row?.expires_at ?? null;
  return {
    role,
    ref,
    digest: row?.digest ?? null,
    state: kept ? 'kept' : (row?.cause ?? 'absent'),
    byteCount: row?.byte_count ?? null,
    mediaType: row?.media_type ?? null,
    at: (kept ?? row?.ended_at)?.toISOString() ?? null,
    held: row?.held ?? false,
  };
}

async function findErased(
  tx: Tx,
  tenant: string,
  tokens: readonly string[],
): Promise<DecisionContents['erased']> {
  const { rows } = await tx.query<{ token: string; at: Date }>(
    'SELECT token, at FROM erasures WHERE tenant = $1 AND token = ANY($2) ORDER BY at',
    [tenant, tokens],
  );
  return rows.map(({ token, at }) => ({ token, at: at.toISOString() }));
}
