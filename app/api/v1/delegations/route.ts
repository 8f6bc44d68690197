import { delegateRequest } from '@/lib/identity/delegation-requests';
import { ROLES } from '@/lib/identity/role';
import { delegateAuthority } from '@/lib/server/delegations/delegate';
import { listDelegations } from '@/lib/server/delegations/list-delegations';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

const MAX_BODY_BYTES = 16_384;

/** Delegations that concern the person; those who oversee see the organisation's. */
export const GET = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ROLES);
  return jsonResponse({ delegations: await listDelegations(viewer, null) });
});

/** Lends one's own authority, or a part of it, to a colleague from and until; it is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['reviewer', 'senior_reviewer']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), delegateRequest);
  return jsonResponse(await delegateAuthority(viewer, body), { status: 201 });
});
