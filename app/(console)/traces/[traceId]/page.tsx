import { notFound, redirect } from 'next/navigation';
import { routes } from '@/lib/client/routes';
import { isTraceId } from '@/lib/decisions/trace-url';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { requireViewer } from '@/lib/server/identity/require-viewer';

/** What a link in a tracing UI leads to: every decision of that trace. */
export default async function TracePage({ params }: { params: Promise<{ traceId: string }> }) {
  const [{ traceId }] = await Promise.all([params, requireViewer(PAGE_ROLES.decisions)]);
  const id = traceId.toLowerCase();
  if (!isTraceId(id)) notFound();
  redirect(routes.decisions(`trace:${id}`));
}
