import { ROLES } from '@/lib/escalations/escalation-view';
import { getFrame } from '@/lib/server/escalations/get-frame';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** How many wait, and whether the log holds: shown on every page. */
export const GET = route(async (request: Request): Promise<Response> => {
  return jsonResponse(await getFrame(await requirePerson(request, ROLES)));
});
