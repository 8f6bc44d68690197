import { decideRequest } from '@/lib/escalations/escalation-view';
import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { decideEscalation } from '@/lib/server/reviews/decide';

type Context = { params: Promise<{ escalationId: string }> };

const MAX_BODY_BYTES = 16_384;

/** One person's verdict on exactly what their page showed. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), decideRequest);
  const { escalationId } = await params;
  return jsonResponse(await decideEscalation(viewer, escalationId, body));
});
