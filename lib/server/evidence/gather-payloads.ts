import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import { readRecord } from '@/lib/decisions/read-record';
import { decisionBody } from '@/lib/decisions/record-payload';
import { tellStory } from '@/lib/evidence/decision-story';
import type { DecisionParts } from '@/lib/evidence/package/assemble-package';
import type { PayloadRole } from '@/lib/evidence/package/manifest';
import type { Viewer } from '@/lib/identity/viewer';
import type { Tx } from '../database/transaction';
import { inTransaction } from '../database/transaction';
import { readPayload } from '../payloads/read-payload';
import { newId } from '../random';
import { journal } from '../records/journal';

interface PayloadRef {
  role: PayloadRole;
  ref: string;
}

/** References to what the signed records of a decision digest, as far as this console may still hold it. */
export async function listPayloadRefs(tx: Tx, tenant: string, detail: DecisionDetail): Promise<PayloadRef[]> {
  const read = detail.record ? readRecord(detail.record) : null;
  const body = read?.ok ? decisionBody.safeParse(read.value.payload.body) : null;
  const refs: PayloadRef[] = [];
  const add = (role: PayloadRole, ref: string | null | undefined) => {
    if (ref) refs.push({ role, ref });
  };
  add('input', body?.data?.input?.ref);
  add('output', body?.data?.output.payload?.ref);
  const story = tellStory(detail.related);
  const escalations = story.submitted.map(({ body: told }) => told.escalation_id);
  const submitted = await tx.query<{ action_ref: string; evidence_ref: string | null }>(
    'SELECT action_ref, evidence_ref FROM escalations WHERE tenant = $1 AND id = ANY($2) ORDER BY id',
    [tenant, escalations],
  );
  for (const { action_ref, evidence_ref } of submitted.rows) {
    add('action', action_ref);
    add('evidence', evidence_ref);
  }
  // Reviews that are withheld from the exporter are not in the story, and neither are their reasons.
  const reasons = await tx.query<{ reason_ref: string }>(
    'SELECT reason_ref FROM reviews WHERE tenant = $1 AND id = ANY($2) ORDER BY decided_at, id',
    [tenant, story.reviews.map(({ body: told }) => told.review_id)],
  );
  for (const { reason_ref } of reasons.rows) add('reason', reason_ref);
  return refs;
}

/**
 * Payloads of a decision with their salts. That they are disclosed, to whom and for which export, is recorded in the
 * transaction that reads them: no record, no disclosure.
 */
export async function gatherPayloads(
  viewer: Viewer,
  detail: DecisionDetail,
  exportId: string,
  { nowMs }: { nowMs: number },
): Promise<DecisionParts['payloads']> {
  const tenant = viewer.tenant.id;
  return inTransaction(async (tx) => {
    const payloads: DecisionParts['payloads'][number][] = [];
    const told: { ref: string; digest: string }[] = [];
    for (const { role, ref } of await listPayloadRefs(tx, tenant, detail)) {
      const payload = await readPayload(tx, { tenant, ref });
      if (!payload) continue;
      const { digest, mediaType, bytes, salt } = payload;
      payloads.push({ role, digest, mediaType, salt, bytes });
      told.push({ ref, digest });
    }
    if (told.length > 0)
      await journal(tx, {
        tenant,
        kind: 'payload.read',
        id: newId('rec', nowMs),
        body: {
          decision_id: detail.row.id,
          export_id: exportId,
          person: viewer.person.id,
          purpose: 'export',
          payloads: told,
        },
        occurredAtMs: nowMs,
      });
    return payloads;
  });
}
