import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { setAccessPolicy } from '@/lib/server/vault/set-access-policy';
import { setAccessPolicyRequest } from '@/lib/vault/look-request';

const MAX_BYTES = 16_384;

/** Which looks need a second person. */
export const PUT = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['data_protection']);
  requireMediaType(request, ['application/json']);
  const asked = parseJsonBody(await readBody(request, MAX_BYTES), setAccessPolicyRequest);
  return jsonResponse(await setAccessPolicy(viewer, asked));
});
