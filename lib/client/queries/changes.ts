import { queryOptions } from '@tanstack/react-query';
import { changesView } from '@/lib/analytics/changes-view';
import { fetchJson } from '../fetch-json';

/** The latest changes with the outcome counts of the days around them. */
export const changesQuery = () =>
  queryOptions({
    queryKey: ['changes'],
    queryFn: ({ signal }) => fetchJson('/api/v1/changes', changesView, { signal }),
    staleTime: 30_000,
  });
