import { endPersonLinkRequest } from '@/lib/identity/person-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { endPersonLink } from '@/lib/server/identity/end-person-link';
import { requirePerson } from '@/lib/server/identity/require-person';

interface Context {
  params: Promise<{ personId: string }>;
}

const MAX_BODY_BYTES = 8_192;

/** Ends a link of this member's, with a reason, which is a record; whatever was asked while it stood is still measured by it. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, ['compliance']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), endPersonLinkRequest);
  const { personId } = await params;
  await endPersonLink(viewer, personId, body);
  return jsonResponse({ id: personId });
});
