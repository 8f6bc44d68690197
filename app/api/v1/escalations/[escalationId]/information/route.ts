import { askRequest } from '@/lib/escalations/flow-view';
import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { askInformation } from '@/lib/server/flow/ask-information';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

type Context = { params: Promise<{ escalationId: string }> };

/** Asks the agent's owner something; the clock runs on. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  const { escalationId } = await params;
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 16_384), askRequest);
  const id = await askInformation(viewer, escalationId, body.question);
  return jsonResponse({ id }, { status: 201 });
});
