import { queryOptions } from '@tanstack/react-query';
import { conditionList } from '@/lib/conditions/condition-view';
import { fetchJson } from '../fetch-json';

/** What stands between actions and their tokens, and what did. */
export const conditionsQuery = () =>
  queryOptions({
    queryKey: ['conditions'],
    queryFn: ({ signal }) => fetchJson('/api/v1/integrity/conditions', conditionList, { signal }),
    refetchInterval: 10_000,
  });
