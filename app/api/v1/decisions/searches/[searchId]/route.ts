import { PAGE_ROLES } from '@/lib/identity/permissions';
import { deleteSearch } from '@/lib/server/decisions/save-search';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** Forgets one of the person's own searches. */
export const DELETE = route(async (request: Request, context: { params: Promise<{ searchId: string }> }) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  const { searchId } = await context.params;
  await deleteSearch(viewer, searchId);
  return jsonResponse({ id: searchId });
});
