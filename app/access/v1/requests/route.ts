import { idempotencyKey, submitRequest } from '@/lib/escalations/access-request';
import { ServiceError } from '@/lib/server/errors';
import { submitEscalation } from '@/lib/server/escalations/submit';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requireProducer } from '@/lib/server/machine-auth/require-producer';

const MAX_BODY_BYTES = 262_144;

/** Submits an access request: 202 with the new task, 200 with the earlier one when the same request is sent again. */
export const POST = route(async (request: Request): Promise<Response> => {
  requireMediaType(request, ['application/json']);
  const body = await readBody(request, MAX_BODY_BYTES);
  const caller = await requireProducer(request, body);
  const key = idempotencyKey.safeParse(request.headers.get('idempotency-key'));
  if (!key.success) {
    throw new ServiceError('malformed_request', 'Header "Idempotency-Key": 8 to 128 of A-Za-z0-9._:-.');
  }
  const { task, created } = await submitEscalation(caller, {
    idempotencyKey: key.data,
    request: parseJsonBody(body, submitRequest),
  });
  return jsonResponse(task, {
    status: created ? 202 : 200,
    headers: { location: task.links.self, 'retry-after': '1' },
  });
});
