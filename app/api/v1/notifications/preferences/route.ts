import { SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { preferencesRequest } from '@/lib/notifications/channel-requests';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { setPreferences } from '@/lib/server/notifications/preferences';

/** What one wants to be written of, and when not: one's own and nobody else's. */
export const PUT = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, SETTINGS_ROLES.notifications);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, 4_096), preferencesRequest);
  return jsonResponse(await setPreferences(viewer, body));
});
