import { prepareRequest } from '@/lib/escalations/escalation-view';
import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { prepareVerdict } from '@/lib/server/reviews/prepare';

type Context = { params: Promise<{ escalationId: string }> };

const MAX_BODY_BYTES = 16_384;

/** The statement and the challenge that the reviewer's passkey is to sign. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), prepareRequest);
  const { escalationId } = await params;
  return jsonResponse(await prepareVerdict(viewer, escalationId, body));
});
