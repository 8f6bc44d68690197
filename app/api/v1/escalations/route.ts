import { queueQuery } from '@/lib/escalations/escalation-view';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { listQueue } from '@/lib/server/escalations/list-queue';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** One page of the queue, filtered by the query string. */
export const GET = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, PAGE_ROLES.queue);
  const query = parseWith(queueQuery, Object.fromEntries(new URL(request.url).searchParams));
  return jsonResponse(await listQueue(viewer, query));
});
