import { z } from 'zod';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { PATH_WAYS } from '@/lib/lineage/lineage-view';
import { requireNotWaiting } from '@/lib/server/decisions/keep-waiting-apart';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { findPath, PATH_LIMITS } from '@/lib/server/lineage/find-path';
import { findWithheld } from '@/lib/server/lineage/find-withheld';

export const dynamic = 'force-dynamic';

const query = z.object({
  from: z.string().min(1).max(600),
  to: z.string().min(1).max(600),
  way: z.enum(PATH_WAYS).default('causal'),
});

/** `?from=&to=&way=causal|any`: one shortest way between two nodes, or none within the bounds. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.lineage);
  const asked = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  await requireNotWaiting(viewer, [asked.from, asked.to]);
  return jsonResponse(await findPath(viewer.tenant.id, asked, PATH_LIMITS, await findWithheld(viewer)));
});
