import { z } from 'zod';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { nodeKind } from '@/lib/lineage/lineage-view';
import { requireNotWaiting } from '@/lib/server/decisions/keep-waiting-apart';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { findWithheld } from '@/lib/server/lineage/find-withheld';
import { CLOSURE_LIMITS, listClosure } from '@/lib/server/lineage/list-closure';

export const dynamic = 'force-dynamic';

const query = z.object({
  node: z.string().min(1).max(600),
  kind: nodeKind.optional(),
  agent: z.string().min(1).max(128).optional(),
  hops: z.coerce.number().int().min(1).max(24).optional(),
  after: z.coerce.number().int().min(0).max(10_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

/** `?node=&kind=&agent=&hops=&after=&limit=`: what came of a node, nearest first. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.lineage);
  const asked = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  await requireNotWaiting(viewer, [asked.node]);
  return jsonResponse(await listClosure(viewer.tenant.id, asked, CLOSURE_LIMITS, await findWithheld(viewer)));
});
