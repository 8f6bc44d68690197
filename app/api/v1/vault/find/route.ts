import { VAULT_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { findSubject } from '@/lib/server/vault/find-subject';
import { findRequest } from '@/lib/vault/look-request';

const MAX_BYTES = 16_384;

/** From a real identifier to its token. A POST, so that the identifier stands in no address; recorded before the answer leaves. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, VAULT_ROLES);
  requireMediaType(request, ['application/json']);
  const asked = parseJsonBody(await readBody(request, MAX_BYTES), findRequest);
  return jsonResponse(await findSubject(viewer, asked));
});
