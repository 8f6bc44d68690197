import { readRecord } from '@/lib/decisions/read-record';
import { decisionBody } from '@/lib/decisions/record-payload';
import { getPool } from '../database/pool';

export interface DocumentName {
  label: string;
  note: string | null;
}

/** Names that only a decision's own record gives: what was retrieved with which score, and what its payloads were. */
export async function nameFromRecord(tenant: string, decisionId: string): Promise<Map<string, DocumentName>> {
  const found = await getPool().query<{ envelope: Buffer }>(
    `SELECT r.envelope FROM decisions d JOIN records r ON r.stream = d.stream AND r.position = d.position
      WHERE d.id = $1 AND d.tenant = $2 ORDER BY d.occurred_at DESC LIMIT 1`,
    [decisionId, tenant],
  );
  const envelope = found.rows[0]?.envelope;
  return envelope ? namesIn(envelope) : new Map();
}

/** What a stored decision record calls the payloads and documents that it digests. */
export function namesIn(envelope: Buffer): Map<string, DocumentName> {
  const names = new Map<string, DocumentName>();
  const read = readRecord({ envelope: envelope.toString('base64') });
  const body = read.ok ? decisionBody.safeParse(read.value.payload.body) : null;
  if (!body?.success) return names;
  const { input, context, output } = body.data;
  for (const payload of [input, output.payload]) {
    if (payload) {
      names.set(payload.digest, {
        label: payload.media_type,
        note: `${payload.byte_count.toLocaleString('en')} bytes`,
      });
    }
  }
  for (const item of context.retrieval?.items ?? []) {
    names.set(item.digest, { label: item.id, note: item.score === undefined ? null : `score ${item.score}` });
  }
  return names;
}
