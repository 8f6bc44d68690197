import { registerPasskeyRequest } from '@/lib/identity/passkey-requests';
import { ROLES } from '@/lib/identity/role';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { registerPasskey } from '@/lib/server/passkeys/register-passkey';

const MAX_BODY_BYTES = 65_536;

/** Registers a device as one of the signed-in person's own passkeys; it is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ROLES);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), registerPasskeyRequest);
  return jsonResponse(await registerPasskey(viewer, body), { status: 201 });
});
