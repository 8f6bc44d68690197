import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod';
import { type SaveSearchRequest, savedSearch, savedSearches } from '@/lib/decisions/saved-search';
import { fetchJson } from '../fetch-json';

const PATH = '/api/v1/decisions/searches';

/** Searches that this person keeps, and those that are shared with them. */
export const savedSearchesQuery = () =>
  queryOptions({
    queryKey: ['saved-searches'],
    queryFn: ({ signal }) => fetchJson(PATH, savedSearches, { signal }),
    staleTime: 30_000,
  });

export const saveSearch = (body: SaveSearchRequest) => fetchJson(PATH, savedSearch, { method: 'POST', body });

export const deleteSearch = (searchId: string) =>
  fetchJson(`${PATH}/${encodeURIComponent(searchId)}`, z.object({ id: z.string() }), { method: 'DELETE' });
