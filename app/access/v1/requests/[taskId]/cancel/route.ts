import { cancelEscalation } from '@/lib/server/escalations/cancel';
import { jsonResponse, readBody, route } from '@/lib/server/http';
import { requireProducer } from '@/lib/server/machine-auth/require-producer';

type Context = { params: Promise<{ taskId: string }> };

const MAX_BODY_BYTES = 1_024;

/** The gateway withdraws its request; 409 when it has ended already. */
export const POST = route(async (request: Request, { params }: Context): Promise<Response> => {
  const caller = await requireProducer(request, await readBody(request, MAX_BODY_BYTES));
  const { taskId } = await params;
  return jsonResponse(await cancelEscalation(caller, taskId));
});
