import type { RecordView } from '@/lib/decisions/decision-detail';
import { readRecord } from '@/lib/decisions/read-record';
import { reviewBody } from '@/lib/escalations/record-bodies';
import { consoleStream } from '../config';
import { getPool } from '../database/pool';

export interface RecordSqlRow {
  stream: string;
  position: number;
  id: string;
  kind: string;
  occurred_at: Date;
  accepted_at: Date;
  envelope: Buffer;
  link: Buffer;
}

export const RECORD_COLUMNS = 'stream, position, id, kind, occurred_at, accepted_at, envelope, link';

export function toRecordView(row: RecordSqlRow): RecordView {
  return {
    stream: row.stream,
    position: row.position,
    id: row.id,
    kind: row.kind,
    occurredAt: row.occurred_at.toISOString(),
    acceptedAt: row.accepted_at.toISOString(),
    envelope: row.envelope.toString('base64'),
    link: row.link.toString('base64'),
  };
}

async function sourcesOf(tenant: string, targets: readonly string[], kinds: readonly string[]) {
  if (targets.length === 0) return [];
  const result = await getPool().query<{ source: string; kind: string }>(
    'SELECT DISTINCT source, kind FROM edges WHERE tenant = $1 AND target = ANY($2) AND kind = ANY($3) LIMIT 1000',
    [tenant, targets, kinds],
  );
  return result.rows;
}

/** What only the console's own stream may say; an outcome may also come from the gateway that executed. */
const CONSOLE_ONLY = [
  'escalation',
  'review',
  'approval.issued',
  'approval.redeemed',
  'approval.revoked',
  'action.outcome',
];

/**
 * Every record that joined a decision later, in the order of time: found through the lineage, read as stored. A
 * producer's record under a console's id is never taken for the console's.
 */
export async function findRelatedRecords(
  tenant: string,
  decisionId: string,
  escalationId: string | null,
): Promise<{ records: RecordView[]; escalations: string[]; approvals: string[] }> {
  const asking = await sourcesOf(tenant, [decisionId], ['escalates']);
  const escalations = [
    ...new Set([...asking.map(({ source }) => source), ...(escalationId ? [escalationId] : [])]),
  ];
  const reviewing = await sourcesOf(tenant, escalations, ['reviews', 'approves']);
  const approvals = reviewing.filter(({ kind }) => kind === 'approves').map(({ source }) => source);
  const using = await sourcesOf(tenant, [decisionId, ...approvals], ['redeems', 'revokes', 'reports']);
  const ids = [
    ...new Set([
      ...escalations,
      ...reviewing.map(({ source }) => source),
      ...using.map(({ source }) => source),
    ]),
  ];
  const result = await getPool().query<RecordSqlRow>(
    `SELECT ${RECORD_COLUMNS} FROM records
      WHERE tenant = $1 AND id = ANY($2) AND ((stream = $3 AND kind = ANY($4)) OR kind = 'action.outcome')
     UNION
     SELECT r.stream, r.position, r.id, r.kind, r.occurred_at, r.accepted_at, r.envelope, r.link
       FROM escalations e JOIN records r ON r.tenant = e.tenant AND r.kind = 'escalation' AND r.occurred_at = e.ended_at
      WHERE e.tenant = $1 AND e.id = ANY($5) AND r.stream = $3`,
    [tenant, ids, consoleStream(tenant), CONSOLE_ONLY, escalations],
  );
  const joined = result.rows.map(toRecordView).filter((view) => concerns(view, escalations));
  const records = [...joined, ...(await findPasskeyRecords(tenant, joined))];
  records.sort((a, b) =>
    a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : a.position - b.position,
  );
  return { records, escalations, approvals };
}

/** Of the passkeys that signed reviews: the records of their registration, and of their end. */
async function findPasskeyRecords(tenant: string, joined: readonly RecordView[]): Promise<RecordView[]> {
  const credentials = joined.flatMap((view) => {
    const record = view.kind === 'review' ? readRecord(view) : null;
    const body = record?.ok ? reviewBody.safeParse(record.value.payload.body) : null;
    return body?.success && body.data.passkey ? [body.data.passkey.credential_id] : [];
  });
  if (credentials.length === 0) return [];
  const result = await getPool().query<RecordSqlRow>(
    `SELECT r.stream, r.position, r.id, r.kind, r.occurred_at, r.accepted_at, r.envelope, r.link
       FROM passkeys k JOIN records r ON r.stream = k.stream AND r.position IN (k.position, k.retired_position)
      WHERE k.tenant = $1 AND k.credential_id = ANY($2) AND r.tenant = $1`,
    [tenant, credentials],
  );
  return result.rows.map(toRecordView);
}

/** Two escalations may end in the same millisecond: the record's own words say which it is about. */
function concerns(view: RecordView, escalations: readonly string[]): boolean {
  if (view.kind !== 'escalation' || escalations.includes(view.id)) return true;
  const record = readRecord(view);
  // What cannot be read is shown rather than hidden.
  return !record.ok || escalations.includes(String(record.value.payload.body.escalation_id));
}
