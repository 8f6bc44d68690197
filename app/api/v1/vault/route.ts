import { PAGE_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { getVaultOverview } from '@/lib/server/vault/get-overview';

export const dynamic = 'force-dynamic';

/** Requests, holds, retention and erasures of the organisation. */
export const GET = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, PAGE_ROLES.vault);
  return jsonResponse(await getVaultOverview(viewer.tenant.id));
});
