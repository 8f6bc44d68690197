import { revokeDelegation } from '@/lib/server/delegations/revoke';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

interface Context {
  params: Promise<{ delegationId: string }>;
}

/** Ends a delegation at once: the two people themselves, compliance or an administrator; it is a record. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const viewer = await requirePerson(request, ['reviewer', 'senior_reviewer', 'compliance', 'admin']);
  const { delegationId } = await params;
  await revokeDelegation(viewer, delegationId);
  return jsonResponse({ id: delegationId });
});
