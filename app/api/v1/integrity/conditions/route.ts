import { PAGE_ROLES } from '@/lib/identity/permissions';
import { listConditions } from '@/lib/server/conditions/list-conditions';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** What stands between actions and their tokens, and what did. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.integrity);
  return jsonResponse({ conditions: await listConditions(viewer.tenant.id) });
});
