import { sharePeerRequest } from '@/lib/mesh/mesh-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { shareWithPeer } from '@/lib/server/mesh/share-with-peer';

/** What this organisation gives to another console and takes from it; only an administrator may, and it is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 4_096), sharePeerRequest);
  await shareWithPeer({ ...body, tenant: viewer.tenant.id, by: viewer.person.id });
  return jsonResponse({ peer: body.peer });
});
