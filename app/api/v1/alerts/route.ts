import { PAGE_ROLES } from '@/lib/identity/permissions';
import { listAlerts } from '@/lib/server/alerts/list-alerts';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** Open alerts and the latest that closed. */
export const GET = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, PAGE_ROLES.insights);
  return jsonResponse(await listAlerts(viewer.tenant.id));
});
