import { parseSearchCursor } from '@/lib/decisions/search-cursor';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { listChanges } from '@/lib/server/changes/list-changes';
import { ServiceError } from '@/lib/server/errors';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** `?before=`: changes in pages, newest first; the first page also brings what decisions tell without a record. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.changes);
  const before = new URL(request.url).searchParams.get('before');
  const cursor = before === null ? null : parseSearchCursor(before);
  if (cursor && !cursor.ok) throw new ServiceError('malformed_request', 'The cursor is not one of ours.');
  return jsonResponse(await listChanges(viewer.tenant.id, cursor?.value ?? null));
});
