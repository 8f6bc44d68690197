import { decideBulkRequest } from '@/lib/escalations/bulk';
import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { decideBulk } from '@/lib/server/reviews/decide-bulk';

/** One verdict on each of an exact set; the answer tells of each by itself, so it is 200 also when some failed. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 32_768), decideBulkRequest);
  return jsonResponse({ results: await decideBulk(viewer, body) });
});
