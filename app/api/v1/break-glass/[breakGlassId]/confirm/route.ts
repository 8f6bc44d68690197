import { confirmBreakGlass } from '@/lib/server/break-glass/confirm';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

interface Context {
  params: Promise<{ breakGlassId: string }>;
}

/** The second of two people opens it for as long as the policy says; it is a record. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, ['reviewer', 'senior_reviewer', 'compliance']);
  const { breakGlassId } = await params;
  await confirmBreakGlass(viewer, breakGlassId);
  return jsonResponse({ id: breakGlassId });
});
