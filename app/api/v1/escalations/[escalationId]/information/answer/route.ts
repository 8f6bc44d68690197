import { answerRequest } from '@/lib/escalations/flow-view';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { answerAsOwner } from '@/lib/server/flow/answer-information';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

type Context = { params: Promise<{ escalationId: string }> };

/** The agent's owner answers. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, PAGE_ROLES.queue);
  const { escalationId } = await params;
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 65_536), answerRequest);
  await answerAsOwner(viewer, escalationId, body);
  return jsonResponse({ id: body.information_id });
});
