import { impressionRequest } from '@/lib/escalations/flow-view';
import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { recordImpression } from '@/lib/server/flow/record-impression';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

type Context = { params: Promise<{ escalationId: string }> };

/** Records one's first impression, once; only then is the machine's recommendation shown. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  const { escalationId } = await params;
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 1_024), impressionRequest);
  await recordImpression(viewer, escalationId, body.impression);
  return jsonResponse(body);
});
