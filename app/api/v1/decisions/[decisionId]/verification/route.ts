import { PAGE_ROLES } from '@/lib/identity/permissions';
import { getVerificationMaterial } from '@/lib/server/decisions/get-verification-material';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** Keys, log and token with which the browser checks this decision by itself. */
export const GET = route(async (request: Request, context: { params: Promise<{ decisionId: string }> }) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  const { decisionId } = await context.params;
  return jsonResponse(await getVerificationMaterial(viewer.tenant.id, decisionId));
});
