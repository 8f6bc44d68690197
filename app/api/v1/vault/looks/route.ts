import { PAGE_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { listLooks } from '@/lib/server/vault/list-looks';

export const dynamic = 'force-dynamic';

/** Who looked behind tokens and digests, newest first; `cursor` goes on where the page before ended. */
export const GET = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, PAGE_ROLES.vault);
  return jsonResponse(await listLooks(viewer.tenant.id, new URL(request.url).searchParams.get('cursor')));
});
