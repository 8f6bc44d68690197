import { commentRequest } from '@/lib/escalations/flow-view';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { addComment } from '@/lib/server/flow/add-comment';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

type Context = { params: Promise<{ escalationId: string }> };

/** A word for colleagues, beside the evidence and never for the gateway. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, PAGE_ROLES.queue);
  const { escalationId } = await params;
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 16_384), commentRequest);
  const id = await addComment(viewer, escalationId, body);
  return jsonResponse({ id }, { status: 201 });
});
