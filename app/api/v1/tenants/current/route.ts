import { switchTenantRequest } from '@/lib/identity/person-requests';
import { ROLES } from '@/lib/identity/role';
import { ServiceError } from '@/lib/server/errors';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { TENANT_COOKIE, usesSecureCookies } from '@/lib/server/identity/session-cookie';

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Chooses which of the person's organisations is shown. Another's is answered like one that does not exist. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ROLES);
  requireMediaType(request, ['application/json']);
  const { tenant } = parseJsonBody(await readBody(request, 1024), switchTenantRequest);
  if (!viewer.tenants.some((each) => each.id === tenant)) throw new ServiceError('not_found');
  const secure = usesSecureCookies() ? '; Secure' : '';
  return jsonResponse(
    { tenant },
    {
      headers: {
        'set-cookie': `${TENANT_COOKIE}=${tenant}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${YEAR_SECONDS}${secure}`,
      },
    },
  );
});
