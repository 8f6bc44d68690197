import { PAGE_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { getIntegrity } from '@/lib/server/integrity/get-integrity';

export const dynamic = 'force-dynamic';

/** Streams with heads, gaps and keys, the log's checkpoints, and its witnesses. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.integrity);
  return jsonResponse(await getIntegrity(viewer.tenant.id));
});
