import { invitePersonRequest } from '@/lib/identity/person-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { createPerson } from '@/lib/server/identity/create-person';
import { listPeople } from '@/lib/server/identity/list-people';
import { requirePerson } from '@/lib/server/identity/require-person';

const MAX_BODY_BYTES = 16_384;

/** The members of the organisation, their roles and authority. */
export const GET = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['compliance', 'data_protection', 'auditor', 'admin']);
  return jsonResponse({ people: await listPeople(viewer.tenant.id) });
});

/** Adds a person, who signs in with the organisation's own sign-in; only an administrator may, and it is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), invitePersonRequest);
  const { id } = await createPerson({ tenant: viewer.tenant.id, ...body }, { by: viewer.person.id });
  return jsonResponse({ id }, { status: 201 });
});
