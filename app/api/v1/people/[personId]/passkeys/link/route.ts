import { formatInstant } from '@/lib/core/instant';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { issuePasskeyLink } from '@/lib/server/passkeys/issue-passkey-link';

interface Context {
  params: Promise<{ personId: string }>;
}

/** A one-time link's secret for somebody who lost every passkey; only an administrator may, and it is a record. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const { tenant, person } = await requirePerson(request, ['admin']);
  const { personId } = await params;
  const link = await issuePasskeyLink({ tenant: tenant.id, person: personId, by: person.id });
  return jsonResponse({ secret: link.secret, expiresAt: formatInstant(link.expiresAtMs) }, { status: 201 });
});
