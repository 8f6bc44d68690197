import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '../fetch-json';

const EVERY_MS = 30_000;

/** One's own load, asked again every half minute: it frees itself as time goes by. */
export const ownLoadQuery = () =>
  queryOptions({
    queryKey: ['attention', 'load'],
    queryFn: async ({ signal }) =>
      fetchJson('/api/v1/attention/own/load', (await import('@/lib/escalations/load-view')).ownLoad, {
        signal,
      }),
    refetchInterval: EVERY_MS,
  });
