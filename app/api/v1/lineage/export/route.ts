import { z } from 'zod';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { requireNotWaiting } from '@/lib/server/decisions/keep-waiting-apart';
import { parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { exportClosure } from '@/lib/server/lineage/export-closure';
import { findWithheld } from '@/lib/server/lineage/find-withheld';
import { CLOSURE_LIMITS } from '@/lib/server/lineage/list-closure';

export const dynamic = 'force-dynamic';

const query = z.object({
  node: z.string().min(1).max(600),
  format: z.enum(['prov', 'openlineage']).default('prov'),
});

const FILES = {
  prov: { type: 'application/json', name: 'lineage.prov.json' },
  openlineage: { type: 'application/x-ndjson', name: 'lineage.openlineage.ndjson' },
} as const;

/** `?node=&format=prov|openlineage`: everything that came of a node, as a file. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.lineage);
  const { node, format } = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  await requireNotWaiting(viewer, [node]);
  const { text, complete } = await exportClosure(
    viewer.tenant.id,
    node,
    format,
    CLOSURE_LIMITS,
    await findWithheld(viewer),
  );
  return new Response(text, {
    headers: {
      'content-type': FILES[format].type,
      'content-disposition': `attachment; filename="${complete ? '' : 'part-of-'}${FILES[format].name}"`,
      'cache-control': 'no-store',
    },
  });
});
