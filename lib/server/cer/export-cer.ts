import { utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import { readRecord } from '@/lib/decisions/read-record';
import { type DecisionBody, decisionBody } from '@/lib/decisions/record-payload';
import type { CerExportRequest } from '@/lib/evidence/cer/cer-export-request';
import { certificateOf } from '@/lib/evidence/cer/check-imported';
import { extractExecution } from '@/lib/evidence/cer/extract-execution';
import { CER_EXPORT_SENTENCES, sealDecision } from '@/lib/evidence/cer/seal-decision';
import { listNamedDigests } from '@/lib/evidence/package/check-payloads';
import type { PayloadRole } from '@/lib/evidence/package/manifest';
import { mayExportPayloads } from '@/lib/identity/permissions';
import type { Viewer } from '@/lib/identity/viewer';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { getDecision } from '../decisions/get-decision';
import { ServiceError } from '../errors';
import { listPayloadRefs } from '../evidence/gather-payloads';
import { type ReadPayload, readPayload } from '../payloads/read-payload';
import { newId } from '../random';
import { journal } from '../records/journal';

/** In the console's record of such an export. */
export const CER_EXPORT_EVENT = 'cer.exported';

export interface CerExport {
  /** Id of the console's record of it. */
  id: string;
  fileName: string;
  bytes: Uint8Array;
}

type Contents = ReadonlyMap<PayloadRole, ReadPayload & { ref: string }>;

/**
 * A decision as a Certified Execution Record that NexArt's own verifier accepts: the very record for one that was imported,
 * one sealed here for every other. Input and output are in it in clear, so it is for those who may export payloads, and both
 * the export and each disclosure are records before it leaves.
 * @throws ServiceError `role_required`, `not_found`, `cer_unavailable` with the sentence that says why
 */
export async function exportCer(
  viewer: Viewer,
  request: CerExportRequest,
  { nowMs = clockNowMs() } = {},
): Promise<CerExport> {
  if (!mayExportPayloads(viewer.roles))
    throw new ServiceError(
      'role_required',
      'A Certified Execution Record holds input and output in clear, and a form with hashes alone does not exist. It needs one of the roles: compliance.',
    );
  const detail = await getDecision(viewer, request.decision);
  const read = detail.record ? readRecord(detail.record) : null;
  const body = read?.ok ? decisionBody.safeParse(read.value.payload.body) : null;
  if (!read?.ok || !body?.success)
    throw new ServiceError('cer_unavailable', 'The record of this decision cannot be read.');
  const occurredAt = read.value.payload.occurred_at;
  const id = newId('rec', nowMs);
  const tenant = viewer.tenant.id;
  return inTransaction(async (tx) => {
    const contents = await readContents(tx, tenant, detail);
    const { bytes, disclosed } = writeBundle(detail, body.data, occurredAt, contents);
    await journal(tx, {
      tenant,
      kind: 'verification',
      id,
      body: {
        event: CER_EXPORT_EVENT,
        person: viewer.person.id,
        purpose: request.purpose,
        ...(request.caseReference === null ? {} : { case_reference: request.caseReference }),
        decision_id: detail.row.id,
      },
      occurredAtMs: nowMs,
    });
    await journal(tx, {
      tenant,
      kind: 'payload.read',
      id: newId('rec', nowMs),
      body: {
        decision_id: detail.row.id,
        export_id: id,
        person: viewer.person.id,
        purpose: 'export',
        payloads: disclosed.flatMap((role) => {
          const content = contents.get(role);
          return content ? [{ ref: content.ref, digest: content.digest }] : [];
        }),
      },
      occurredAtMs: nowMs,
    });
    return { id, fileName: `${detail.row.id.replace(/[^\w.-]/g, '-')}.cer.json`, bytes };
  });
}

/** Contents whose digest a signed record of this decision names, by what they are of. */
async function readContents(tx: Tx, tenant: string, detail: DecisionDetail): Promise<Contents> {
  const named = listNamedDigests(detail);
  const contents = new Map<PayloadRole, ReadPayload & { ref: string }>();
  for (const { role, ref } of await listPayloadRefs(tx, tenant, detail)) {
    if (role === 'reason') continue;
    const content = await readPayload(tx, { tenant, ref });
    if (content && named.get(role)?.has(content.digest)) contents.set(role, { ...content, ref });
  }
  return contents;
}

function writeBundle(
  detail: DecisionDetail,
  body: DecisionBody,
  occurredAt: string,
  contents: Contents,
): { bytes: Uint8Array; disclosed: readonly PayloadRole[] } {
  const imported = certificateOf(body);
  const arrived = imported === null ? undefined : contents.get('output');
  if (imported !== null) {
    const bytes = arrived ? extractExecution(arrived.bytes, imported) : null;
    if (!bytes) throw new ServiceError('cer_unavailable', CER_EXPORT_SENTENCES.output_not_held);
    return { bytes, disclosed: ['output'] };
  }
  const input = contents.has('input') ? 'input' : 'evidence';
  const output = contents.has('output') ? 'output' : 'action';
  const sealed = sealDecision({
    id: detail.row.id,
    occurredAt,
    place: { stream: detail.row.stream, position: detail.row.position },
    body,
    prompt: heldPrompt(detail, body),
    input: contents.get(input) ?? null,
    output: contents.get(output) ?? null,
  });
  if (!sealed.ok) throw new ServiceError('cer_unavailable', CER_EXPORT_SENTENCES[sealed.code]);
  return { bytes: utf8(`${JSON.stringify(sealed.value, null, 2)}\n`), disclosed: [input, output] };
}

function heldPrompt({ versions }: DecisionDetail, { context }: DecisionBody): string | null {
  const wanted = context.prompt?.digest;
  const content = versions.find(({ digest }) => digest === wanted)?.content ?? null;
  return content !== null && content !== '' && formatDigest('sha-256', sha256(utf8(content))) === wanted
    ? content
    : null;
}
