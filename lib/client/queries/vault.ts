import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { vaultOverview } from '@/lib/retention/vault-overview';
import { looksPage } from '@/lib/vault/look-request';
import { decisionContents } from '@/lib/vault/payload-content';
import { fetchJson } from '../fetch-json';

/** Requests, holds, retention and erasures; a request that somebody else decides shows without a reload. */
export const vaultQuery = () =>
  queryOptions({
    queryKey: ['vault'],
    queryFn: ({ signal }) => fetchJson('/api/v1/vault', vaultOverview, { signal }),
    refetchInterval: 5_000,
  });

/** Who looked behind tokens and digests, newest first, in pages. */
export const looksQuery = () =>
  infiniteQueryOptions({
    queryKey: ['vault-looks'],
    queryFn: ({ pageParam, signal }) =>
      fetchJson(
        pageParam === null
          ? '/api/v1/vault/looks'
          : `/api/v1/vault/looks?cursor=${encodeURIComponent(pageParam)}`,
        looksPage,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** What the records of a decision digest, and what became of it. */
export const decisionContentsQuery = (decisionId: string) =>
  queryOptions({
    queryKey: ['decision-contents', decisionId],
    queryFn: ({ signal }) =>
      fetchJson(`/api/v1/decisions/${encodeURIComponent(decisionId)}/contents`, decisionContents, { signal }),
  });
