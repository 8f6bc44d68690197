import { PAGE_ROLES } from '@/lib/identity/permissions';
import { isKeptApart, requireSearchable } from '@/lib/server/decisions/keep-waiting-apart';
import { requirePage, requireSearchQuery } from '@/lib/server/decisions/parse-search-request';
import { searchDecisions } from '@/lib/server/decisions/search-decisions';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** `?q=&cursor=&direction=older|newer&limit=`: one page of decisions, newest first. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  const url = new URL(request.url);
  const [query, page] = [requireSearchQuery(url), requirePage(url)];
  await requireSearchable(viewer, query);
  return jsonResponse(
    await searchDecisions(viewer.tenant.id, query, { ...page, withoutWaiting: isKeptApart(viewer) }),
  );
});
