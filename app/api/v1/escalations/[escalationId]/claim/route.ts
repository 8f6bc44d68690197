import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { claimEscalation } from '@/lib/server/reviews/claim';

type Context = { params: Promise<{ escalationId: string }> };

/** Takes the escalation for two minutes; heartbeats renew it. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  const { escalationId } = await params;
  return jsonResponse(await claimEscalation(viewer, escalationId));
});
