import { VAULT_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { decideRequest } from '@/lib/server/vault/decide-request';
import { decideVaultRequest } from '@/lib/vault/look-request';

type Context = { params: Promise<{ requestId: string }> };
const MAX_BYTES = 4_096;

/** Grants or refuses what somebody else asked for. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, VAULT_ROLES);
  requireMediaType(request, ['application/json']);
  const { decision } = parseJsonBody(await readBody(request, MAX_BYTES), decideVaultRequest);
  return jsonResponse(await decideRequest(viewer, (await params).requestId, decision));
});
