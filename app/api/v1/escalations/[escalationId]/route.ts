import { PAGE_ROLES } from '@/lib/identity/permissions';
import { getDetail } from '@/lib/server/escalations/get-detail';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

type Context = { params: Promise<{ escalationId: string }> };

/** Everything that the review page shows; the first disclosure to a person is a record. */
export const GET = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, PAGE_ROLES.queue);
  const { escalationId } = await params;
  return jsonResponse(await getDetail(viewer, escalationId));
});
