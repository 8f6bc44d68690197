import { rotateKeyRequest } from '@/lib/identity/console-key-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { rotateKey } from '@/lib/server/keys/rotate-key';

/** Puts a new key of the console into force; only an administrator may, and it is a record in every journal. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 4096), rotateKeyRequest);
  return jsonResponse(await rotateKey({ ...body, by: viewer.person.id }), { status: 201 });
});
