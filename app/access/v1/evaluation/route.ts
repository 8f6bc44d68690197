import { evaluationRequest, splitApproval } from '@/lib/policy/evaluation-request';
import { evaluate } from '@/lib/server/access/evaluate';
import { ServiceError } from '@/lib/server/errors';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requireRequestingKind } from '@/lib/server/machine-auth/require-kind';
import { requireProducer } from '@/lib/server/machine-auth/require-producer';

const MAX_BODY_BYTES = 65_536;

/** AuthZEN access evaluation (OpenID AuthZEN Authorization API 1.0 §6), answered by the reference decision point. */
export const POST = route(async (request: Request): Promise<Response> => {
  requireMediaType(request, ['application/json']);
  const body = await readBody(request, MAX_BODY_BYTES);
  const caller = await requireProducer(request, body);
  requireRequestingKind(caller);
  const split = splitApproval(parseJsonBody(body, evaluationRequest));
  if (!split) throw new ServiceError('malformed_request', 'Field "context.approval": not an approval.');
  return jsonResponse(await evaluate(caller, split.action, { approval: split.approval }));
});
