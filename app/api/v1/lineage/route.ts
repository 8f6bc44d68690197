import { z } from 'zod';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { HOP_LIMIT, MAX_HOP_LIMIT } from '@/lib/lineage/lineage-view';
import { requireNotWaiting } from '@/lib/server/decisions/keep-waiting-apart';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { findWithheld } from '@/lib/server/lineage/find-withheld';
import { getLineage } from '@/lib/server/lineage/get-lineage';

export const dynamic = 'force-dynamic';

const query = z.object({
  node: z.string().min(1).max(600),
  limit: z.coerce.number().int().min(1).max(MAX_HOP_LIMIT).default(HOP_LIMIT),
});

/** `?node=&limit=`: one hop each way. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.lineage);
  const { node, limit } = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  await requireNotWaiting(viewer, [node]);
  return jsonResponse(await getLineage(viewer.tenant.id, node, limit, await findWithheld(viewer)));
});
