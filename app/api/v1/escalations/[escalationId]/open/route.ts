import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { openReview } from '@/lib/server/reviews/open';

type Context = { params: Promise<{ escalationId: string }> };

/** The page has rendered the full evidence: this person's dwell begins. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  const { escalationId } = await params;
  return jsonResponse(await openReview(viewer, escalationId));
});
