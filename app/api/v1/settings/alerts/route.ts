import { writeAlertRule as writeRequest } from '@/lib/analytics/alert-rule';
import { writeAlertRule } from '@/lib/server/alerts/write-alert-rule';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

const MAX_BODY_BYTES = 8_192;

/** Adds a rule of alerts; only an administrator may, and it is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const rule = parseJsonBody(await readBody(request, MAX_BODY_BYTES), writeRequest);
  await writeAlertRule({ tenant: viewer.tenant.id, by: viewer.person.id, rule, replace: false });
  return jsonResponse({ id: rule.id }, { status: 201 });
});

/** Changes, disables or enables a rule. */
export const PUT = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const rule = parseJsonBody(await readBody(request, MAX_BODY_BYTES), writeRequest);
  await writeAlertRule({ tenant: viewer.tenant.id, by: viewer.person.id, rule, replace: true });
  return jsonResponse({ id: rule.id });
});
