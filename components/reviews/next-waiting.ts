import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { escalationQueryOptions, queueQueryOptions } from '@/lib/client/queries/escalations';

/** Finds the next escalation that waits for somebody, in order of time left; null when none does. */
export function useNextWaiting(escalationId: string): () => Promise<string | null> {
  const client = useQueryClient();
  return async () => {
    try {
      const { pages } = await client.fetchInfiniteQuery({ ...queueQueryOptions(''), staleTime: 2_000 });
      const rows = pages.flatMap((page) => page.rows);
      const isFree = (row: (typeof rows)[number]) =>
        row.id !== escalationId && (row.lease === null || row.lease.mine) && row.deferral == null;
      const at = rows.findIndex((row) => row.id === escalationId);
      return [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find(isFree)?.id ?? null;
    } catch {
      return null;
    }
  };
}

/**
 * Fetches the next one once this one has been read, so that `n` shows it at once. That discloses it, and is recorded like
 * every disclosure; its reading is measured from when it is drawn.
 */
export function usePrefetchNext(escalationId: string, isRead: boolean): void {
  const client = useQueryClient();
  const next = useNextWaiting(escalationId);
  const fetchNext = useEffectEvent(async () => {
    const id = await next();
    if (id !== null) await client.prefetchQuery({ ...escalationQueryOptions(id), staleTime: 30_000 });
  });
  useEffect(() => {
    if (isRead) void fetchNext();
  }, [isRead]);
}
