import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { changeComparison } from '@/lib/analytics/change-comparison';
import { changesView } from '@/lib/analytics/changes-view';
import { fetchJson } from '../fetch-json';

const LIST = '/api/v1/changes';

/** Changes in keyset pages, newest first; the first page also holds what no record announced. */
export const changesQuery = () =>
  infiniteQueryOptions({
    queryKey: ['changes'],
    queryFn: ({ pageParam, signal }) =>
      fetchJson(
        pageParam === null ? LIST : `${LIST}?${new URLSearchParams({ before: pageParam })}`,
        changesView,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.older,
    staleTime: 30_000,
  });

/** One change before and after. */
export const changeComparisonQuery = (change: string, days: number) =>
  queryOptions({
    queryKey: ['change', change, days],
    queryFn: ({ signal }) =>
      fetchJson(`${LIST}/compare?${new URLSearchParams({ change, days: String(days) })}`, changeComparison, {
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
