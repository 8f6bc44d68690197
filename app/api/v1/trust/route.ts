import { formatTrustFile } from '@/lib/evidence/trust/format-trust-file';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { getTrust } from '@/lib/server/witnesses/get-trust';

export const dynamic = 'force-dynamic';

/** The trust file of this organisation's evidence: keys that the console publishes, roots that are pinned here. */
export const GET = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, PAGE_ROLES.integrity);
  return new Response(formatTrustFile(await getTrust(viewer.tenant.id)), {
    headers: {
      'content-type': 'application/json',
      'content-disposition': 'attachment; filename="countersign.trust.json"',
      'cache-control': 'no-store',
    },
  });
});
