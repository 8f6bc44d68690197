import { previewRequest } from '@/lib/evidence/package/export-request';
import { EXPORT_ROLES } from '@/lib/identity/permissions';
import { previewExport } from '@/lib/server/evidence/preview-export';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

const MAX_REQUEST_BYTES = 131_072;

/** What an evidence package of this scope would hold: counts and sizes only. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, EXPORT_ROLES);
  requireMediaType(request, ['application/json']);
  const { scope } = parseJsonBody(await readBody(request, MAX_REQUEST_BYTES), previewRequest);
  return jsonResponse(await previewExport(viewer, scope));
});
