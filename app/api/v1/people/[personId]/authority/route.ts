import { setAuthorityRequest } from '@/lib/identity/person-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { setAuthority } from '@/lib/server/identity/create-person';
import { disablePerson } from '@/lib/server/identity/disable-person';
import { requirePerson } from '@/lib/server/identity/require-person';

interface Context {
  params: Promise<{ personId: string }>;
}

const MAX_BODY_BYTES = 16_384;

/** Sets a member's roles and authority; only an administrator may, and it is a record. */
export const PUT = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), setAuthorityRequest);
  const { personId } = await params;
  await setAuthority({ tenant: viewer.tenant.id, person: personId, ...body }, { by: viewer.person.id });
  return jsonResponse({ id: personId });
});

/** Takes a member out of the organisation at once; only an administrator may, and it is a record. */
export const DELETE = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  const { personId } = await params;
  await disablePerson({ tenant: viewer.tenant.id, person: personId }, { by: viewer.person.id });
  return jsonResponse({ id: personId });
});
