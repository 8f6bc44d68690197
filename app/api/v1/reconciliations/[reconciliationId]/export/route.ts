import { reconciliationFinding } from '@/lib/completeness/reconciliation-view';
import { isForeignId } from '@/lib/core/id';
import { RECONCILIATION_ROLES } from '@/lib/identity/permissions';
import { exportReconciliation } from '@/lib/server/completeness/get-reconciliation';
import { ServiceError } from '@/lib/server/errors';
import { parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** `?finding=`: everything that was found, as CSV. */
export const GET = route(
  async (request: Request, context: { params: Promise<{ reconciliationId: string }> }): Promise<Response> => {
    const viewer = await requirePerson(request, RECONCILIATION_ROLES);
    const id = (await context.params).reconciliationId;
    if (!isForeignId(id)) throw new ServiceError('not_found');
    const wanted = new URL(request.url).searchParams.get('finding');
    const finding = parseWith(reconciliationFinding.nullable(), wanted);
    return new Response(await exportReconciliation(viewer.tenant.id, { id, finding }), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="reconciliation-${id.replaceAll(/[^A-Za-z0-9_-]/g, '')}.csv"`,
        'cache-control': 'no-store',
      },
    });
  },
);
