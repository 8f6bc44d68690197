import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { listStreams } from '@/lib/server/records/list-streams';

/** The current tenant's streams: heads, rates, gaps, when last seen. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, [
    'compliance',
    'data_protection',
    'auditor',
    'reviewer',
    'senior_reviewer',
    'admin',
  ]);
  return jsonResponse({ streams: await listStreams(viewer.tenant.id) });
});
