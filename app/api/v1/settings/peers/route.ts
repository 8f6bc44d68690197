import { addPeerRequest } from '@/lib/mesh/mesh-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { addPeer } from '@/lib/server/mesh/add-peer';

/** Pins another console; only an administrator may, and it is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 16_384), addPeerRequest);
  await addPeer({ ...body, tenant: viewer.tenant.id, by: viewer.person.id });
  return jsonResponse({ name: body.name }, { status: 201 });
});
