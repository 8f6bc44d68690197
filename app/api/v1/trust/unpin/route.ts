import { unpinRootRequest } from '@/lib/evidence/witness-view';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { unpinTrustRoot } from '@/lib/server/witnesses/pin-trust-roots';

/** Takes a root's trust away; only an administrator may, and it is a record in every journal. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 4_096), unpinRootRequest);
  await unpinTrustRoot({ ...body, by: viewer.person.id });
  return jsonResponse(body);
});
