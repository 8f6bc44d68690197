import { recheckCondition } from '@/lib/server/conditions/recheck-condition';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

type Context = { params: Promise<{ conditionId: string }> };

/** Runs the check of one condition again and records that it was asked. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, ['compliance', 'auditor', 'admin']);
  return jsonResponse(await recheckCondition(viewer, (await params).conditionId));
});
