import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requireProducer } from '@/lib/server/machine-auth/require-producer';
import { admitBody } from '@/lib/server/records/admit-body';
import { tokenise } from '@/lib/server/vault/tokenise';
import { tokeniseRequest } from '@/lib/vault/tokenise-request';

/** A thousand identifiers of the longest kind, in any UTF-8. */
const MAX_BODY_BYTES = 524_288;

/** A producer exchanges identifiers for subject tokens. The identifiers go no further than the vault. */
export const POST = route(async (request: Request): Promise<Response> => {
  requireMediaType(request, ['application/json']);
  return admitBody(request, MAX_BODY_BYTES, async () => {
    const body = await readBody(request, MAX_BODY_BYTES);
    const caller = await requireProducer(request, body);
    return jsonResponse(await tokenise(caller, parseJsonBody(body, tokeniseRequest)));
  });
});
