import { retireKeyRequest } from '@/lib/producers/key-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { retireProducerKey } from '@/lib/server/producers/retire-producer-key';

/** Retires a producer's key at once and for ever; only an administrator may, and it is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 4096), retireKeyRequest);
  await retireProducerKey({ tenant: viewer.tenant.id, ...body, by: viewer.person.id });
  return jsonResponse({ keyid: body.keyid });
});
