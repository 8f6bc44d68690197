import { queryOptions } from '@tanstack/react-query';
import { alertList } from '@/lib/analytics/alert-rule';
import { fetchJson } from '../fetch-json';

/** Open alerts and the latest that closed. */
export const alertsQuery = () =>
  queryOptions({
    queryKey: ['alerts'],
    queryFn: ({ signal }) => fetchJson('/api/v1/alerts', alertList, { signal }),
    refetchInterval: 15_000,
  });
