import { ROLES } from '@/lib/escalations/escalation-view';
import { streamEvents } from '@/lib/server/events/stream-events';
import { route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** Server-sent events of the current tenant: what to fetch again, never content. */
export const GET = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ROLES);
  return streamEvents(viewer.tenant.id, request.signal);
});
