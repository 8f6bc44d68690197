import { deferRequest } from '@/lib/escalations/flow-view';
import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { deferEscalation } from '@/lib/server/flow/defer';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

type Context = { params: Promise<{ escalationId: string }> };

/** Puts it aside for this person, or takes it up again; it expires when it would have. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  const { escalationId } = await params;
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 1_024), deferRequest);
  await deferEscalation(viewer, escalationId, body);
  return jsonResponse(body);
});
