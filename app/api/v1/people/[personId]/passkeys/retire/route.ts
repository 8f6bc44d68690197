import { retirePasskeyRequest } from '@/lib/identity/passkey-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { retirePasskey } from '@/lib/server/passkeys/retire-passkey';

interface Context {
  params: Promise<{ personId: string }>;
}

const MAX_BODY_BYTES = 1_024;

/** Revokes somebody's passkey after a loss; only an administrator may, and it is a record. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const { tenant, person } = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), retirePasskeyRequest);
  const { personId } = await params;
  await retirePasskey({ tenant: tenant.id, person: personId, ...body, by: person.id });
  return jsonResponse({ id: body.passkey });
});
