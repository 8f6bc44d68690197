import { MAX_CSV_BYTES } from '@/lib/completeness/parse-csv';
import { importRequest } from '@/lib/completeness/reconciliation-view';
import { RECONCILIATION_IMPORT_ROLES, RECONCILIATION_ROLES } from '@/lib/identity/permissions';
import { importReconciliation } from '@/lib/server/completeness/import-reconciliation';
import { listReconciliations } from '@/lib/server/completeness/list-reconciliations';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

/** JSON writes a line break as two characters, and a quote as well. */
const MAX_BODY_BYTES = 2 * MAX_CSV_BYTES;

/** The latest reconciliations, and what a new one could be about. */
export const GET = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, RECONCILIATION_ROLES);
  return jsonResponse(await listReconciliations(viewer.tenant.id));
});

/** Holds a downstream system's own list against the decisions of its time; a record, with the file's digest. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, RECONCILIATION_IMPORT_ROLES);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), importRequest);
  const made = await importReconciliation({ tenant: viewer.tenant.id, by: viewer.person.id, request: body });
  return jsonResponse(made, { status: 201 });
});
