import { retirePasskeyRequest } from '@/lib/identity/passkey-requests';
import { ROLES } from '@/lib/identity/role';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { retirePasskey } from '@/lib/server/passkeys/retire-passkey';

const MAX_BODY_BYTES = 1_024;

/** Removes one of the signed-in person's own passkeys; it is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const { tenant, person } = await requirePerson(request, ROLES);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), retirePasskeyRequest);
  await retirePasskey({ tenant: tenant.id, person: person.id, ...body, by: person.id });
  return jsonResponse({ id: body.passkey });
});
