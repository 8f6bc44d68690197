import { PAGE_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { readDecisionPayload } from '@/lib/server/payloads/read-decision-payload';
import { readPayloadRequest } from '@/lib/vault/payload-content';

type Context = { params: Promise<{ decisionId: string }> };
const MAX_BYTES = 4_096;

/** One content of a decision in clear, for a purpose and a case; recorded before the answer leaves. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  requireMediaType(request, ['application/json']);
  const asked = parseJsonBody(await readBody(request, MAX_BYTES), readPayloadRequest);
  return jsonResponse(await readDecisionPayload(viewer, (await params).decisionId, asked));
});
