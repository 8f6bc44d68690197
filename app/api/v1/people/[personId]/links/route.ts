import { personLink } from '@/lib/identity/person-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { linkPerson } from '@/lib/server/identity/link-person';
import { requirePerson } from '@/lib/server/identity/require-person';

interface Context {
  params: Promise<{ personId: string }>;
}

const MAX_BODY_BYTES = 4_096;

/**
 * Says that another account, a subject token, an agent or a producer is this member's: they decide nothing that it asks
 * for and count once. Compliance and administrators may; it is a record.
 */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, ['compliance', 'admin']);
  requireMediaType(request, ['application/json']);
  const link = parseJsonBody(await readBody(request, MAX_BODY_BYTES), personLink);
  const { personId } = await params;
  await linkPerson({ tenant: viewer.tenant.id, person: personId, ...link, linkedBy: viewer.person.id });
  return jsonResponse({ id: personId }, { status: 201 });
});
