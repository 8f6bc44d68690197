import { redeemRequest } from '@/lib/escalations/access-request';
import { redeemApproval } from '@/lib/server/approvals/redeem';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requireProducer } from '@/lib/server/machine-auth/require-producer';

type Context = { params: Promise<{ approvalId: string }> };

const MAX_BODY_BYTES = 131_072;

/** Spends an approval token, once, for the action as it is about to be executed. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  requireMediaType(request, ['application/json']);
  const body = await readBody(request, MAX_BODY_BYTES);
  const caller = await requireProducer(request, body);
  const { approvalId } = await params;
  return jsonResponse(await redeemApproval(caller, approvalId, parseJsonBody(body, redeemRequest)));
});
