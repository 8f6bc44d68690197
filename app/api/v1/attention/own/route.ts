import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { getOwnReviewing } from '@/lib/server/attention/get-own-reviewing';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** One's own reviewing of the last thirty days. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, DECIDING_ROLES);
  return jsonResponse(await getOwnReviewing(viewer));
});
