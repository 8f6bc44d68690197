import { queryOptions } from '@tanstack/react-query';
import { integrityView } from '@/lib/evidence/integrity-view';
import { fetchJson } from '../fetch-json';

/** The console's own account of its streams, log and witnesses. */
export const integrityQuery = () =>
  queryOptions({
    queryKey: ['integrity'],
    queryFn: ({ signal }) => fetchJson('/api/v1/integrity', integrityView, { signal }),
    refetchInterval: 10_000,
  });
