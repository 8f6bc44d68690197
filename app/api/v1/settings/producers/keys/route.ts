import { parseBase64url } from '@/lib/core/encoding';
import { addKeyRequest } from '@/lib/producers/key-requests';
import { ServiceError } from '@/lib/server/errors';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { addProducerKey } from '@/lib/server/producers/add-producer-key';

/** Adds a public key to a producer, for rotation; only an administrator may, and it is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const { producer, publicKey } = parseJsonBody(await readBody(request, 4096), addKeyRequest);
  const key = parseBase64url(publicKey);
  if (!key.ok) throw new ServiceError('key_invalid');
  const added = await addProducerKey({
    tenant: viewer.tenant.id,
    producer,
    publicKey: key.value,
    by: viewer.person.id,
  });
  return jsonResponse(added, { status: 201 });
});
