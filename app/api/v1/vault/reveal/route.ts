import { VAULT_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { revealIdentifier } from '@/lib/server/vault/reveal-identifier';
import { revealRequest } from '@/lib/vault/look-request';

const MAX_BYTES = 16_384;

/** From a token to the identifier behind it; recorded before the answer leaves. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, VAULT_ROLES);
  requireMediaType(request, ['application/json']);
  const asked = parseJsonBody(await readBody(request, MAX_BYTES), revealRequest);
  return jsonResponse(await revealIdentifier(viewer, asked));
});
