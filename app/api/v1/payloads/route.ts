import { MAX_PAYLOAD_BYTES, payloadSubmission } from '@/lib/producers/payload-request';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requireProducer } from '@/lib/server/machine-auth/require-producer';
import { receivePayload } from '@/lib/server/payloads/receive-payload';
import { admitBody } from '@/lib/server/records/admit-body';

/** Base64 of the largest payload and the other members. */
const MAX_BODY_BYTES = 4 * Math.ceil(MAX_PAYLOAD_BYTES / 3) + 4_096;

/** A producer hands over what its record will digest. */
export const POST = route(async (request: Request): Promise<Response> => {
  requireMediaType(request, ['application/json']);
  return admitBody(request, MAX_BODY_BYTES, async () => {
    const body = await readBody(request, MAX_BODY_BYTES);
    const caller = await requireProducer(request, body);
    const { receipt, isNew } = await receivePayload(caller, parseJsonBody(body, payloadSubmission));
    return jsonResponse(receipt, { status: isNew ? 201 : 200 });
  });
});
