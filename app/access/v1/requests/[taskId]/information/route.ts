import { answerRequest } from '@/lib/escalations/flow-view';
import { answerAsGateway } from '@/lib/server/flow/answer-information';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requireProducer } from '@/lib/server/machine-auth/require-producer';

type Context = { params: Promise<{ taskId: string }> };

const MAX_BODY_BYTES = 65_536;

/** The gateway answers what a reviewer asked about its task; the answer becomes part of the evidence. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const bytes = await readBody(request, MAX_BODY_BYTES);
  const caller = await requireProducer(request, bytes);
  requireMediaType(request, ['application/json']);
  const { taskId } = await params;
  return jsonResponse(await answerAsGateway(caller, taskId, parseJsonBody(bytes, answerRequest)));
});
