import { useQueryClient } from '@tanstack/react-query';
import { queueQueryOptions } from '@/lib/client/queries/escalations';

/** Finds the next escalation that waits for somebody, in order of time left; null when none does. */
export function useNextWaiting(escalationId: string): () => Promise<string | null> {
  const client = useQueryClient();
  return async () => {
    try {
      const { pages } = await client.fetchInfiniteQuery({ ...queueQueryOptions(''), staleTime: 2_000 });
      const rows = pages.flatMap((page) => page.rows);
      const isFree = (row: (typeof rows)[number]) =>
        row.id !== escalationId && (row.lease === null || row.lease.mine);
      const at = rows.findIndex((row) => row.id === escalationId);
      return [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find(isFree)?.id ?? null;
    } catch {
      return null;
    }
  };
}
