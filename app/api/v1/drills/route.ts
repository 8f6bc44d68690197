import { planDrillRequest } from '@/lib/attention/attention-view';
import { planDrillByHand } from '@/lib/server/drills/plan-drill';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

/** A compliance officer plans a drill; when it appears within the time asked for is left to chance. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['compliance']);
  requireMediaType(request, ['application/json']);
  const wish = parseJsonBody(await readBody(request, 4_096), planDrillRequest);
  return jsonResponse(await planDrillByHand(viewer, wish));
});
