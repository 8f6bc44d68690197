import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { releaseEscalation } from '@/lib/server/reviews/release';

type Context = { params: Promise<{ escalationId: string }> };

/** Puts a claimed escalation back. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  const { escalationId } = await params;
  return jsonResponse(await releaseEscalation(viewer, escalationId));
});
