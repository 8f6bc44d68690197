import { outcomeRequest } from '@/lib/escalations/access-request';
import { reportOutcome } from '@/lib/server/approvals/report-outcome';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requireProducer } from '@/lib/server/machine-auth/require-producer';

type Context = { params: Promise<{ approvalId: string }> };

const MAX_BODY_BYTES = 65_536;

/** The gateway tells what became of the approved action; `not_forwarded` gives an approval back that was not redeemed. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  requireMediaType(request, ['application/json']);
  const body = await readBody(request, MAX_BODY_BYTES);
  const caller = await requireProducer(request, body);
  const { approvalId } = await params;
  return jsonResponse(await reportOutcome(caller, approvalId, parseJsonBody(body, outcomeRequest)));
});
