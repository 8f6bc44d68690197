import { parseBase64 } from '@/lib/core/encoding';
import { MAX_TRUST_FILE_BYTES } from '@/lib/evidence/trust/parse-trust-file';
import { pinRootsRequest } from '@/lib/evidence/witness-view';
import { ServiceError } from '@/lib/server/errors';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { pinTrustRoots } from '@/lib/server/witnesses/pin-trust-roots';

/** Base64 of the largest file, and the words around it. */
const MAX_BODY_BYTES = Math.ceil((MAX_TRUST_FILE_BYTES * 4) / 3) + 4_096;

/** Pins every root of a file; only an administrator may, and it is a record in every journal. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const { file, content, as, name, origin } = parseJsonBody(
    await readBody(request, MAX_BODY_BYTES),
    pinRootsRequest,
  );
  const bytes = parseBase64(content);
  if (!bytes.ok) throw new ServiceError('malformed_request', 'Field "content": not base64.');
  const roots = await pinTrustRoots({
    file,
    bytes: bytes.value,
    hints: { ...(as ? { as } : {}), ...(name ? { name } : {}), ...(origin ? { origin } : {}) },
    by: viewer.person.id,
  });
  const pinned = roots.map(({ kind, name: called, fingerprint }) => ({ kind, name: called, fingerprint }));
  return jsonResponse({ pinned }, { status: 201 });
});
