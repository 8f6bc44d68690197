import { rhythmRequest } from '@/lib/completeness/producer-state';
import { setRhythm } from '@/lib/server/completeness/set-rhythm';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

/** Says how often a producer should be heard; only an administrator may, and it is a record. */
export const PUT = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 4096), rhythmRequest);
  await setRhythm({ tenant: viewer.tenant.id, by: viewer.person.id, ...body });
  return jsonResponse({ producer: body.producer });
});
