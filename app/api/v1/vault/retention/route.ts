import { setScheduleRequest } from '@/lib/retention/vault-overview';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { setSchedule } from '@/lib/server/retention/set-schedule';

const MAX_BYTES = 16_384;

/** How long each kind is kept from now on. */
export const PUT = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['compliance']);
  requireMediaType(request, ['application/json']);
  const asked = parseJsonBody(await readBody(request, MAX_BYTES), setScheduleRequest);
  return jsonResponse(await setSchedule(viewer, asked));
});
