import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { formatQueueFilter, parseQueueFilter } from '@/components/escalations/queue-filter';
import { QueueScreen } from '@/components/escalations/queue-screen';
import { queueQueryOptions } from '@/lib/client/queries/escalations';
import { queueQuery } from '@/lib/escalations/escalation-view';
import { DECIDING_ROLES, holdsRole, PAGE_ROLES } from '@/lib/identity/permissions';
import { listQueue } from '@/lib/server/escalations/list-queue';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import './queue.css';

export const metadata: Metadata = { title: 'Queue' };

/** Rows in the first answer: more than one screen; the browser asks for the rest. */
const FIRST_ROWS = 50;

/** What waits for a person, by time left; beside it the chosen escalation. */
export default async function QueuePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const [viewer, params] = await Promise.all([requireViewer(PAGE_ROLES.queue), searchParams]);
  const filterText = formatQueueFilter(
    parseQueueFilter({ get: (name) => (typeof params[name] === 'string' ? params[name] : null) }),
  );
  const client = new QueryClient();
  // A failure here is not hidden: the browser asks again and says what it means when that fails too.
  await client.prefetchInfiniteQuery({
    ...queueQueryOptions(filterText),
    queryFn: () =>
      listQueue(
        viewer,
        queueQuery.parse({ ...Object.fromEntries(new URLSearchParams(filterText)), limit: FIRST_ROWS }),
      ),
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <QueueScreen viewerName={viewer.person.name} decides={holdsRole(viewer.roles, DECIDING_ROLES)} />
    </HydrationBoundary>
  );
}
