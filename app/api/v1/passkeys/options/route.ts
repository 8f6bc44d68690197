import { passkeyOptionsRequest } from '@/lib/identity/passkey-requests';
import { ROLES } from '@/lib/identity/role';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { beginRegistration } from '@/lib/server/passkeys/begin-registration';

const MAX_BODY_BYTES = 1_024;

/** What the browser asks the new device, and one that the person has, before a passkey is registered. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ROLES);
  requireMediaType(request, ['application/json']);
  const { link } = parseJsonBody(await readBody(request, MAX_BODY_BYTES), passkeyOptionsRequest);
  return jsonResponse(await beginRegistration(viewer, link ?? undefined));
});
