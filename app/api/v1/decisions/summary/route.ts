import { PAGE_ROLES } from '@/lib/identity/permissions';
import { isKeptApart, requireSearchable } from '@/lib/server/decisions/keep-waiting-apart';
import { requireSearchQuery } from '@/lib/server/decisions/parse-search-request';
import { summariseSearch } from '@/lib/server/decisions/summarise-search';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** `?q=`: how many decisions match, by facet and over time. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  const query = requireSearchQuery(new URL(request.url));
  await requireSearchable(viewer, query);
  return jsonResponse(
    await summariseSearch(viewer.tenant.id, query, { withoutWaiting: isKeptApart(viewer) }),
  );
});
