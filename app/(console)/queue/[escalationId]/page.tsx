import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ReviewPage } from '@/components/reviews/review-page';
import { escalationQueryOptions } from '@/lib/client/queries/escalations';
import { parseId } from '@/lib/core/id';
import { verdictSchema } from '@/lib/escalations/escalation-view';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { ServiceError } from '@/lib/server/errors';
import { getDetail } from '@/lib/server/escalations/get-detail';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import '../queue.css';

export const metadata: Metadata = { title: 'Review' };

/** One escalation at full length. `?verdict=approve` or `deny` opens the form; nothing more happens by URL. */
export default async function EscalationPage({
  params,
  searchParams,
}: {
  params: Promise<{ escalationId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const [viewer, { escalationId }, query] = await Promise.all([
    requireViewer(PAGE_ROLES.queue),
    params,
    searchParams,
  ]);
  if (!parseId(escalationId, 'esc').ok) notFound();
  const client = new QueryClient();
  let isUnknown = false;
  // A failure here is not hidden: the browser asks again and says what it means when that fails too.
  await client.prefetchQuery({
    ...escalationQueryOptions(escalationId),
    queryFn: () =>
      getDetail(viewer, escalationId).catch((error: unknown) => {
        isUnknown = error instanceof ServiceError && error.code === 'escalation_unknown';
        throw error;
      }),
    retry: false,
  });
  if (isUnknown) notFound();
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ReviewPage
        escalationId={escalationId}
        viewerName={viewer.person.name}
        verdict={verdictSchema.safeParse(query.verdict).data ?? null}
      />
    </HydrationBoundary>
  );
}
