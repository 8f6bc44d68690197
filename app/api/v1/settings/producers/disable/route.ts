import { disableProducerRequest } from '@/lib/producers/key-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { disableProducer } from '@/lib/server/producers/disable-producer';

/** Disables a producer and retires all its keys, for ever; only an administrator may, and it is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const { producer } = parseJsonBody(await readBody(request, 4096), disableProducerRequest);
  await disableProducer({ tenant: viewer.tenant.id, producer, by: viewer.person.id });
  return jsonResponse({ producer });
});
