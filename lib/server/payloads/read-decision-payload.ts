import { formatBase64 } from '@/lib/core/encoding';
import type { Viewer } from '@/lib/identity/viewer';
import type { DecisionPayload, ReadPayloadRequest } from '@/lib/vault/payload-content';
import { nowMs as clockNowMs } from '../clock';
import { inVaultTransaction } from '../database/vault-pool';
import { getDecision } from '../decisions/get-decision';
import { ServiceError } from '../errors';
import { listPayloadRefs } from '../evidence/gather-payloads';
import { recordLook } from '../vault/record-look';
import { findPayloadReader } from './find-payload-reader';
import { readPayload } from './read-payload';

/**
 * One content of a decision in clear, with its salt, so that the page can hash it itself. Compliance reads for a purpose and
 * a case; auditors and data protection when somebody has granted it for this decision; a reviewer while they have its
 * escalation open; an administrator never. That it was read is recorded before the answer leaves.
 * @throws ServiceError `not_found`, `role_required`, `payload_gone`
 */
export async function readDecisionPayload(
  viewer: Viewer,
  decisionId: string,
  request: ReadPayloadRequest,
  { nowMs = clockNowMs() } = {},
): Promise<DecisionPayload> {
  const tenant = viewer.tenant.id;
  const detail = await getDecision(viewer, decisionId);
  return inVaultTransaction(async (tx) => {
    const reader = await findPayloadReader(tx, viewer, decisionId, { nowMs });
    if (!reader)
      throw new ServiceError(
        'role_required',
        'Contents are for compliance, for reviewers while they have the escalation open, and for others once somebody grants it.',
      );
    const named = (await listPayloadRefs(tx, tenant, detail)).find(({ ref }) => ref === request.ref);
    if (!named) throw new ServiceError('not_found', 'This decision names no such content.');
    const payload = await readPayload(tx, { tenant, ref: request.ref });
    if (!payload) throw new ServiceError('payload_gone', 'This content is not kept any more.');
    const look = await recordLook(
      tx,
      {
        tenant,
        kind: 'payload',
        person: viewer.person.id,
        ...reader,
        purpose: request.purpose,
        caseRef: request.caseRef,
        identifierType: null,
        target: decisionId,
        found: true,
        payloads: [{ ref: request.ref, digest: payload.digest }],
      },
      { nowMs },
    );
    return {
      role: named.role,
      mediaType: payload.mediaType,
      salt: formatBase64(payload.salt),
      content: formatBase64(payload.bytes),
      digest: payload.digest,
      look,
    };
  });
}
