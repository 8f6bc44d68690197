import { narrowRequest } from '@/lib/escalations/flow-view';
import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { narrowEscalation } from '@/lib/server/escalations/narrow';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

type Context = { params: Promise<{ escalationId: string }> };

/** Makes a narrower request out of this one, which ends superseded. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  const { escalationId } = await params;
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 131_072), narrowRequest);
  return jsonResponse(await narrowEscalation(viewer, escalationId, body), { status: 201 });
});
