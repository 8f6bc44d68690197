import { foundTenantRequest } from '@/lib/identity/person-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { foundTenant } from '@/lib/server/identity/found-tenant';
import { requireSameOrigin } from '@/lib/server/identity/require-same-origin';

const MAX_BODY_BYTES = 4096;

/** Founds the first organisation: whoever holds the one-time link's secret may, nobody else, and once. */
export const POST = route(async (request: Request): Promise<Response> => {
  requireSameOrigin(request);
  requireMediaType(request, ['application/json']);
  const founded = await foundTenant(
    parseJsonBody(await readBody(request, MAX_BODY_BYTES), foundTenantRequest),
  );
  return jsonResponse({ tenant: founded.tenant }, { status: 201 });
});
