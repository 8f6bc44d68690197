import type { DecisionDetail, RecordView } from '@/lib/decisions/decision-detail';
import { readRecord } from '@/lib/decisions/read-record';
import { type DecisionBody, decisionBody } from '@/lib/decisions/record-payload';
import { holdsRole } from '@/lib/identity/permissions';
import type { Viewer } from '@/lib/identity/viewer';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { DECISION_COLUMNS, type DecisionSqlRow, toDecisionRow } from './decision-columns';
import { findRelatedRecords, RECORD_COLUMNS, type RecordSqlRow, toRecordView } from './find-related-records';
import { listInForce, listNamedVersions } from './list-named-versions';

/** Kinds that say who gave a verdict, or which. */
const TELLS_OF_REVIEWERS = new Set(['review', 'key.added', 'key.retired']);

/** The decision rows of a tenant under these ids, newest first. */
export async function listDecisionsById(tenant: string, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const result = await getPool().query<DecisionSqlRow>(
    `SELECT ${DECISION_COLUMNS} FROM decisions d WHERE d.id = ANY($1) AND d.tenant = $2 ORDER BY d.occurred_at DESC, d.stream`,
    [ids, tenant],
  );
  return result.rows.map(toDecisionRow);
}

/**
 * One decision with its record, what joined it, and the versions that were active: bytes for the browser to judge.
 * @throws ServiceError `not_found`, for another tenant's decision as for none
 */
export async function getDecision(viewer: Viewer, decisionId: string): Promise<DecisionDetail> {
  const tenant = viewer.tenant.id;
  const [row, ...twins] = await listDecisionsById(tenant, [decisionId]);
  if (!row) throw new ServiceError('not_found', 'No decision has this id.');
  const [record, related] = await Promise.all([
    getRecord(tenant, row.stream, row.position),
    findRelatedRecords(tenant, decisionId, row.escalation),
  ]);
  const withheld = await mustWithholdReviews(viewer, related.escalations);
  const shown = withheld
    ? related.records.filter(({ kind }) => !TELLS_OF_REVIEWERS.has(kind))
    : related.records;
  const named = record === null ? null : namesIn(record);
  const [versions, inForce, payloads, parents, people] = await Promise.all([
    listNamedVersions(tenant, named?.body ?? null),
    listInForce(tenant, row, named?.body ?? null),
    listPayloads(tenant, named?.payloads ?? []),
    listDecisionsById(tenant, named?.parents ?? []),
    listPeople(tenant, shown),
  ]);
  return {
    row,
    record,
    related: shown,
    versions,
    inForce,
    payloads,
    parents,
    people,
    reviewsWithheld: withheld,
    sameId: twins.map(({ stream, position }) => ({ stream, position })),
  };
}

async function getRecord(tenant: string, stream: string, position: number): Promise<RecordView | null> {
  const result = await getPool().query<RecordSqlRow>(
    `SELECT ${RECORD_COLUMNS} FROM records WHERE stream = $1 AND position = $2 AND tenant = $3`,
    [stream, position, tenant],
  );
  return result.rows[0] ? toRecordView(result.rows[0]) : null;
}

/** A second reviewer commits before seeing the first verdict; those who only oversee may see it. */
async function mustWithholdReviews(viewer: Viewer, escalations: readonly string[]): Promise<boolean> {
  if (
    holdsRole(viewer.roles, ['compliance', 'data_protection', 'auditor']) &&
    !holdsRole(viewer.roles, ['reviewer', 'senior_reviewer'])
  )
    return false;
  const result = await getPool().query(
    `SELECT 1 FROM escalations e WHERE e.tenant = $1 AND e.id = ANY($2) AND e.state = 'pending'
       AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.escalation = e.id AND r.person = $3) LIMIT 1`,
    [viewer.tenant.id, escalations, viewer.person.id],
  );
  return result.rows.length > 0;
}

function namesIn(record: RecordView): { body: DecisionBody; payloads: string[]; parents: string[] } | null {
  const read = readRecord(record);
  const body = read.ok ? decisionBody.safeParse(read.value.payload.body) : null;
  if (!body?.success) return null;
  const { identity, input, output } = body.data;
  return {
    body: body.data,
    payloads: [input?.ref, output.payload?.ref].filter((ref) => ref !== undefined),
    parents: identity.parents,
  };
}

async function listPayloads(tenant: string, refs: readonly string[]): Promise<DecisionDetail['payloads']> {
  if (refs.length === 0) return [];
  const result = await getPool().query<{ ref: string; digest: string; byte_count: number; expires_at: Date }>(
    'SELECT ref, digest, byte_count, expires_at FROM payloads WHERE ref = ANY($1) AND tenant = $2',
    [refs, tenant],
  );
  return result.rows.map((row) => ({
    ref: row.ref,
    digest: row.digest,
    byteCount: row.byte_count,
    expiresAt: row.expires_at.toISOString(),
  }));
}

async function listPeople(tenant: string, records: readonly RecordView[]): Promise<DecisionDetail['people']> {
  const ids = records
    .filter(({ kind }) => kind === 'review')
    .flatMap((view) => {
      const read = readRecord(view);
      const statement = read.ok
        ? (read.value.payload.body.statement as { reviewer?: unknown } | undefined)
        : undefined;
      return typeof statement?.reviewer === 'string' ? [statement.reviewer] : [];
    });
  if (ids.length === 0) return [];
  const result = await getPool().query<{ id: string; name: string }>(
    `SELECT DISTINCT p.id, p.name FROM people p JOIN memberships m ON m.person = p.id AND m.tenant = $1
      WHERE p.id = ANY($2)`,
    [tenant, ids],
  );
  return result.rows;
}
