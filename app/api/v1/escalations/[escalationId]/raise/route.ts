import { handUpRequest } from '@/lib/escalations/flow-view';
import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { handUpEscalation } from '@/lib/server/escalations/hand-up';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

type Context = { params: Promise<{ escalationId: string }> };

/** Hands it to the next higher authority with a reason code; it decides nothing. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  const { escalationId } = await params;
  requireMediaType(request, ['application/json']);
  const { reasonCode } = parseJsonBody(await readBody(request, 1_024), handUpRequest);
  return jsonResponse(await handUpEscalation(viewer, escalationId, reasonCode));
});
