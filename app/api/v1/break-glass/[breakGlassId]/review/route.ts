import { reviewBreakGlassRequest } from '@/lib/identity/break-glass-requests';
import { reviewBreakGlass } from '@/lib/server/break-glass/review';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

interface Context {
  params: Promise<{ breakGlassId: string }>;
}

const MAX_BODY_BYTES = 16_384;

/** What compliance found afterwards; it stays due until somebody without part in it has said so. It is a record. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, ['compliance']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), reviewBreakGlassRequest);
  const { breakGlassId } = await params;
  await reviewBreakGlass(viewer, breakGlassId, body);
  return jsonResponse({ id: breakGlassId });
});
