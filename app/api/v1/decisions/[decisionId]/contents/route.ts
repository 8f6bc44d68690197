import { PAGE_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { listDecisionContents } from '@/lib/server/payloads/list-decision-contents';

export const dynamic = 'force-dynamic';

type Context = { params: Promise<{ decisionId: string }> };

/** Which contents the records of a decision digest, and what became of each. */
export const GET = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  return jsonResponse(await listDecisionContents(viewer, (await params).decisionId));
});
