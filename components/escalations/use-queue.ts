import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useNowMs } from '@/components/ui/time-context';
import { type Liveness, useConsoleEvents } from '@/lib/client/events';
import { RequestError } from '@/lib/client/fetch-json';
import { escalationKeys, fetchRows, queueQueryOptions } from '@/lib/client/queries/escalations';
import type { EscalationRow, QueuePage } from '@/lib/escalations/escalation-view';
import { matchesFilter } from './matches-filter';
import { formatQueueFilter, type QueueFilter } from './queue-filter';
import { listArrived, mergeRows, type QueueRow } from './queue-rows';

/** Events come in bursts; those that follow the first one this closely are fetched with it. */
const GATHER_MS = 80;

export type Queue = {
  rows: readonly QueueRow[];
  /** Rows that came in by themselves while the list was shown. */
  arrived: ReadonlySet<string>;
  counts: QueuePage['counts'] | null;
  status: 'loading' | 'failing' | 'ready';
  code: string | null;
  isOffline: boolean;
  liveness: Liveness;
  skewMs: number;
  nowMs: number;
  hasMore: boolean;
  loadMore: () => void;
  /** More rows wait, and asking for them failed. */
  isCutShort: boolean;
  loadAgain: () => void;
  retry: () => void;
};

/** The waiting escalations under a filter, kept live row by row: only what an event named is fetched again. */
export function useQueue(filter: QueueFilter): Queue {
  const filterText = formatQueueFilter(filter);
  const client = useQueryClient();
  const nowMs = useNowMs();
  const query = useInfiniteQuery({ ...queueQueryOptions(filterText), refetchOnMount: 'always' });
  const first = query.data?.pages[0];
  const skewMs = first === undefined ? 0 : query.dataUpdatedAt - Date.parse(first.now);
  const [kept, setKept] = useState<{
    filterText: string;
    pages: readonly QueuePage[] | null;
    rows: readonly QueueRow[];
  }>({ filterText, pages: null, rows: [] });
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set());
  const [counts, setCounts] = useState<QueuePage['counts'] | null>(null);
  const named = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  // The list follows the pages, but what is shown and gone from them stays until its end has been asked for.
  const pages = query.data?.pages ?? null;
  if (kept.filterText !== filterText || kept.pages !== pages) {
    const before = kept.filterText === filterText ? kept.rows : [];
    setKept({ filterText, pages, rows: mergeRows(before, pages?.flatMap((page) => page.rows) ?? [], nowMs) });
    if (first !== undefined) setCounts(first.counts);
  }

  const isBeyondLoaded = (row: EscalationRow) => {
    const last = pages?.at(-1);
    return last?.next != null && row.expiresAt > (last.rows.at(-1)?.expiresAt ?? '');
  };

  const refresh = useEffectEvent(async () => {
    const ids = [...named.current];
    named.current.clear();
    if (ids.length === 0) return;
    try {
      const fresh = await fetchRows(ids);
      if (fresh.counts !== null) setCounts(fresh.counts);
      setKept((current) => {
        if (current.filterText !== filterText) return current;
        const shown = new Set(current.rows.map((row) => row.id));
        const wanted = fresh.rows.filter(
          (row) =>
            shown.has(row.id) || (matchesFilter(row, filter, Date.now() - skewMs) && !isBeyondLoaded(row)),
        );
        const rows = mergeRows(current.rows, wanted, Date.now());
        const ids = listArrived(current.rows, rows);
        if (ids.length > 0) setArrived((before) => new Set([...before, ...ids]));
        return { ...current, rows };
      });
    } catch {
      void client.invalidateQueries({ queryKey: escalationKeys.queues });
    }
  });

  const name = (ids: readonly string[]) => {
    for (const id of ids) if (id.startsWith('esc_')) named.current.add(id);
    if (named.current.size === 0) return;
    // Counted from the first: events that never pause must not keep what they name from being shown.
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void refresh();
    }, GATHER_MS);
  };
  const liveness = useConsoleEvents(
    ({ id }) => name([id]),
    () => void client.invalidateQueries({ queryKey: escalationKeys.queues }),
  );

  // Rows that a fresh page no longer holds have ended, or moved out of the filter: ask which.
  const askMissing = useEffectEvent((listed: readonly QueuePage[]) => {
    const inPages = new Set(listed.flatMap((page) => page.rows.map((row) => row.id)));
    name(
      kept.rows
        .filter((row) => row.leavesAtMs === null && !inPages.has(row.id) && !isBeyondLoaded(row))
        .map(({ id }) => id),
    );
  });
  useEffect(() => {
    if (pages !== null) askMissing(pages);
  }, [pages]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const { error } = query;
  return {
    rows: kept.rows.some((row) => row.leavesAtMs !== null && row.leavesAtMs <= nowMs)
      ? kept.rows.filter((row) => row.leavesAtMs === null || row.leavesAtMs > nowMs)
      : kept.rows,
    arrived,
    counts: counts ?? first?.counts ?? null,
    status: query.data !== undefined ? 'ready' : query.isError ? 'failing' : 'loading',
    code: error instanceof RequestError ? error.code : null,
    isOffline: (query.isRefetchError && !query.isFetchNextPageError) || liveness === 'lost',
    liveness,
    skewMs,
    nowMs,
    hasMore: query.hasNextPage,
    loadMore: () => {
      // After a failure somebody must ask again: a list that scrolls would ask without end.
      if (query.hasNextPage && !query.isFetching && !query.isFetchNextPageError) void query.fetchNextPage();
    },
    isCutShort: query.isFetchNextPageError,
    loadAgain: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}
