import { PAGE_ROLES } from '@/lib/identity/permissions';
import { listChanges } from '@/lib/server/changes/list-changes';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** The latest changes with the outcome counts of the days around them. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.changes);
  return jsonResponse(await listChanges(viewer.tenant.id));
});
