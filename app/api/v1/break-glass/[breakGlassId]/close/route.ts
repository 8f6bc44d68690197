import { closeBreakGlass } from '@/lib/server/break-glass/close';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

interface Context {
  params: Promise<{ breakGlassId: string }>;
}

/** Closes it before its time; it is a record. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, ['reviewer', 'senior_reviewer', 'compliance']);
  const { breakGlassId } = await params;
  await closeBreakGlass(viewer, breakGlassId);
  return jsonResponse({ id: breakGlassId });
});
