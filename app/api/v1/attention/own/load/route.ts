import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { findLoad } from '@/lib/server/attention/find-load';
import { nowMs } from '@/lib/server/clock';
import { getPool } from '@/lib/server/database/pool';
import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** Where one stands against the limits of the policy in force. */
export const GET = route(async (request: Request) => {
  const { tenant, person } = await requirePerson(request, DECIDING_ROLES);
  const at = { tenant: tenant.id, person: person.id };
  return jsonResponse({ load: await findLoad(getPool(), at, { nowMs: nowMs() }) });
});
