import { parseBase64url } from '@/lib/core/encoding';
import { registerProducerRequest } from '@/lib/producers/producer';
import { ServiceError } from '@/lib/server/errors';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { registerProducer } from '@/lib/server/producers/register-producer';

/** Registers a producer with its first public key; only an administrator may, and it is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const { publicKey, ...producer } = parseJsonBody(await readBody(request, 4096), registerProducerRequest);
  const key = parseBase64url(publicKey);
  if (!key.ok) throw new ServiceError('key_invalid');
  const { keyid } = await registerProducer({
    ...producer,
    tenant: viewer.tenant.id,
    publicKey: key.value,
    by: viewer.person.id,
  });
  return jsonResponse({ keyid }, { status: 201 });
});
