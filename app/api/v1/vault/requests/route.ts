import { PAGE_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { makeRequest } from '@/lib/server/vault/make-request';
import { secondPersonRequest } from '@/lib/vault/look-request';

const MAX_BYTES = 16_384;

/** Asks a second person: for contents, the release of a hold, an erasure. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, PAGE_ROLES.vault);
  requireMediaType(request, ['application/json']);
  const asked = parseJsonBody(await readBody(request, MAX_BYTES), secondPersonRequest);
  return jsonResponse(await makeRequest(viewer, asked), { status: 201 });
});
