import { parseDecimal } from '@/lib/core/encoding';
import { ROLES } from '@/lib/escalations/escalation-view';
import { publishRequest } from '@/lib/policy/publish-request';
import { ServiceError } from '@/lib/server/errors';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { getActivePolicy, getPolicyVersion } from '@/lib/server/policies/get-active-policy';
import { listPolicies } from '@/lib/server/policies/list-policies';
import { publishPolicy } from '@/lib/server/policies/publish-policy';

const MAX_BODY_BYTES = 524_288;

/** The policy in force (or `?id=&version=`), and the versions, newest first (`?before=` pages on). */
export const GET = route(async (request: Request): Promise<Response> => {
  const { tenant } = await requirePerson(request, ROLES);
  const query = new URL(request.url).searchParams;
  const versions = await listPolicies(tenant.id, optionalVersion(query.get('before')));
  const version = optionalVersion(query.get('version'));
  if (versions.length === 0) return jsonResponse({ policy: null, versions });
  const policy =
    version === null
      ? await getActivePolicy(tenant.id)
      : await getPolicyVersion(tenant.id, query.get('id') ?? '', version);
  return jsonResponse({ policy, versions });
});

/** Puts a new version in force; only an administrator may, and the change is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), publishRequest);
  const published = await publishPolicy({
    tenant: viewer.tenant.id,
    publishedBy: viewer.person.id,
    ...body,
  });
  return jsonResponse(published, { status: 201 });
});

function optionalVersion(text: string | null): number | null {
  if (text === null) return null;
  const version = parseDecimal(text);
  if (!version.ok || version.value > 2_147_483_647)
    throw new ServiceError('malformed_request', 'Not a version.');
  return version.value;
}
