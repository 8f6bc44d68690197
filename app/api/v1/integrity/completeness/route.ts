import { PAGE_ROLES } from '@/lib/identity/permissions';
import { getCompleteness } from '@/lib/server/completeness/get-completeness';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** Per producer: when it was heard, what is missing, what came late, and what its heartbeats say. */
export const GET = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, PAGE_ROLES.integrity);
  return jsonResponse(await getCompleteness(viewer.tenant.id));
});
