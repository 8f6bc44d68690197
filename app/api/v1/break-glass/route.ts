import { askBreakGlassRequest } from '@/lib/identity/break-glass-requests';
import { ROLES } from '@/lib/identity/role';
import { askBreakGlass } from '@/lib/server/break-glass/ask';
import { listBreakGlasses } from '@/lib/server/break-glass/list';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

const MAX_BODY_BYTES = 16_384;

/** What is open, what waits for its review afterwards, and what was. Everybody here may know of it. */
export const GET = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ROLES);
  return jsonResponse(await listBreakGlasses(viewer));
});

/** The first of two people asks; the policy says which roles may and what it would lift. It is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['reviewer', 'senior_reviewer', 'compliance']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), askBreakGlassRequest);
  return jsonResponse(await askBreakGlass(viewer, body), { status: 201 });
});
