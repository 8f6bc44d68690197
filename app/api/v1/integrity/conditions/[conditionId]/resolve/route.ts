import { resolveConditionRequest } from '@/lib/conditions/condition-view';
import { resolveCondition } from '@/lib/server/conditions/resolve-condition';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

type Context = { params: Promise<{ conditionId: string }> };

/** Closes one condition with a reason; what still holds and cannot be accepted stays open. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, ['compliance']);
  requireMediaType(request, ['application/json']);
  const { conditionId } = await params;
  const body = parseJsonBody(await readBody(request, 16_384), resolveConditionRequest);
  await resolveCondition(viewer, conditionId, body);
  return jsonResponse({ id: conditionId, resolution: body.resolution });
});
