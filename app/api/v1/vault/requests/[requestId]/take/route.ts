import { VAULT_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { takeRequest } from '@/lib/server/vault/take-request';

type Context = { params: Promise<{ requestId: string }> };

/** The answer to a look that somebody has granted; once. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, VAULT_ROLES);
  return jsonResponse(await takeRequest(viewer, (await params).requestId));
});
