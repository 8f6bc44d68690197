import { openBulkRequest } from '@/lib/escalations/bulk';
import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { openBulk } from '@/lib/server/reviews/open-bulk';

/** Shows an exact set of escalations with every digest that a verdict on them would name. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  requireMediaType(request, ['application/json']);
  const { ids } = parseJsonBody(await readBody(request, 8_192), openBulkRequest);
  return jsonResponse({ items: await openBulk(viewer, ids) });
});
