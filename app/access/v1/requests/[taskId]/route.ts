import { parsePreferredWait } from '@/lib/escalations/prefer-wait';
import { getTask, MAX_WAIT_MS } from '@/lib/server/escalations/get-task';
import { jsonResponse, route } from '@/lib/server/http';
import { requireProducer } from '@/lib/server/machine-auth/require-producer';

type Context = { params: Promise<{ taskId: string }> };

/** The task's state; with `Prefer: wait=N` (RFC 7240, at most 30 s) once it has ended or the time is up. */
export const GET = route(async (request: Request, { params }: Context): Promise<Response> => {
  const caller = await requireProducer(request, new Uint8Array(0));
  const { taskId } = await params;
  const waitMs = Math.min(parsePreferredWait(request.headers.get('prefer')), MAX_WAIT_MS);
  const task = await getTask(caller, taskId, { waitMs, signal: request.signal });
  return jsonResponse(task, {
    headers: {
      ...(waitMs > 0 ? { 'preference-applied': `wait=${waitMs / 1000}` } : {}),
      ...(task.status === 'pending' ? { 'retry-after': '1' } : {}),
    },
  });
});
