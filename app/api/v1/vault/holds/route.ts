import { VAULT_ROLES } from '@/lib/identity/permissions';
import { placeHoldRequest } from '@/lib/retention/hold';
import { placeHold } from '@/lib/server/holds/place-hold';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

const MAX_BYTES = 65_536;

/** Places a legal hold. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, VAULT_ROLES);
  requireMediaType(request, ['application/json']);
  const asked = parseJsonBody(await readBody(request, MAX_BYTES), placeHoldRequest);
  return jsonResponse(await placeHold(viewer, asked), { status: 201 });
});
