import { z } from 'zod';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { MAX_VERSION_BYTES, versionKind, versionSubmission } from '@/lib/producers/version-request';
import { jsonResponse, parseJsonBody, parseWith, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { requireProducer } from '@/lib/server/machine-auth/require-producer';
import { admitBody } from '@/lib/server/records/admit-body';
import { getVersionHistory } from '@/lib/server/versions/get-version-history';
import { registerVersion } from '@/lib/server/versions/register-version';

export const dynamic = 'force-dynamic';

/** JSON may spell a character in six bytes; the rest are the other members. */
const MAX_BODY_BYTES = 6 * MAX_VERSION_BYTES + 4_096;

const query = z.object({ kind: versionKind, name: z.string().min(1).max(600) });

/** `?kind=&name=`: the versions of one thing, newest first. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  const { kind, name } = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  return jsonResponse(await getVersionHistory(viewer.tenant.id, kind, name));
});

/** A producer registers the content of a version. */
export const POST = route(async (request: Request): Promise<Response> => {
  requireMediaType(request, ['application/json']);
  return admitBody(request, MAX_BODY_BYTES, async () => {
    const body = await readBody(request, MAX_BODY_BYTES);
    const caller = await requireProducer(request, body);
    const { receipt, isNew } = await registerVersion(caller, parseJsonBody(body, versionSubmission));
    return jsonResponse(receipt, { status: isNew ? 201 : 200 });
  });
});
