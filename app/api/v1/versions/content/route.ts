import { z } from 'zod';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { getVersionContent } from '@/lib/server/versions/get-version-history';

export const dynamic = 'force-dynamic';

const query = z.object({ digest: z.string().min(1).max(600) });

/** `?digest=`: the very text of a version, where it is held. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  const { digest } = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  return jsonResponse(await getVersionContent(viewer.tenant.id, digest));
});
