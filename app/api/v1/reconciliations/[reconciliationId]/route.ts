import { z } from 'zod';
import { reconciliationFinding } from '@/lib/completeness/reconciliation-view';
import { isForeignId } from '@/lib/core/id';
import { RECONCILIATION_ROLES } from '@/lib/identity/permissions';
import { getReconciliation } from '@/lib/server/completeness/get-reconciliation';
import { ServiceError } from '@/lib/server/errors';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

const query = z.object({
  finding: reconciliationFinding.nullable().default(null),
  after: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
});

/** `?finding=&after=`: one reconciliation with a page of what it found. */
export const GET = route(
  async (request: Request, context: { params: Promise<{ reconciliationId: string }> }): Promise<Response> => {
    const viewer = await requirePerson(request, RECONCILIATION_ROLES);
    const id = (await context.params).reconciliationId;
    if (!isForeignId(id)) throw new ServiceError('not_found');
    const asked = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
    return jsonResponse(await getReconciliation(viewer.tenant.id, { id, ...asked }));
  },
);
