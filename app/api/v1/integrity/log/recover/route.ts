import { jsonResponse, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { recoverLog } from '@/lib/server/log/recover-log';

/** Recomputes a halted log and starts it again only if everything fits; whoever asks can only make it say the truth. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  return jsonResponse(await recoverLog(viewer.person.id));
});
