import { addChannelRequest, changeChannelRequest } from '@/lib/notifications/channel-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { addChannel, changeChannel } from '@/lib/server/notifications/write-channel';

const MAX_BODY_BYTES = 8_192;

/** Registers a channel of notifications; only an administrator may, and it is a record. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), addChannelRequest);
  await addChannel({ ...body, tenant: viewer.tenant.id, by: viewer.person.id });
  return jsonResponse({ name: body.name }, { status: 201 });
});

/** Changes, disables or enables a channel; what is not named stays as it is. */
export const PUT = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), changeChannelRequest);
  await changeChannel({ ...body, tenant: viewer.tenant.id, by: viewer.person.id });
  return jsonResponse({ name: body.name });
});
