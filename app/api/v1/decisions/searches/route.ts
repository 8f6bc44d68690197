import { saveSearchRequest } from '@/lib/decisions/saved-search';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { listSearches } from '@/lib/server/decisions/list-searches';
import { saveSearch } from '@/lib/server/decisions/save-search';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** Searches that the person keeps, and those that are shared with them. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  return jsonResponse({ searches: await listSearches(viewer) });
});

/** Keeps a search under a name. */
export const POST = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 8_192), saveSearchRequest);
  return jsonResponse(await saveSearch(viewer, body), { status: 201 });
});
