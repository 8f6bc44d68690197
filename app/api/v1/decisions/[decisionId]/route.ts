import { PAGE_ROLES } from '@/lib/identity/permissions';
import { getDecision } from '@/lib/server/decisions/get-decision';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** One decision with every record that joined it. */
export const GET = route(async (request: Request, context: { params: Promise<{ decisionId: string }> }) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  const { decisionId } = await context.params;
  return jsonResponse(await getDecision(viewer, decisionId));
});
