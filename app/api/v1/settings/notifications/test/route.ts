import { testChannelRequest } from '@/lib/notifications/channel-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { testChannel } from '@/lib/server/notifications/test-channel';

/** Sends a test through one channel; 202, because it goes the same durable way as every notice. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const { name } = parseJsonBody(await readBody(request, 1_024), testChannelRequest);
  await testChannel(viewer, name);
  return jsonResponse({ name }, { status: 202 });
});
