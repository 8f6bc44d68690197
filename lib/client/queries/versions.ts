import { queryOptions } from '@tanstack/react-query';
import { versionContent, versionHistory } from '@/lib/producers/version-history';
import type { VersionKind } from '@/lib/producers/version-request';
import { fetchJson } from '../fetch-json';

const VERSIONS = '/api/v1/versions';

/** The versions of one thing, newest first. */
export const versionHistoryQuery = (kind: VersionKind, name: string) =>
  queryOptions({
    queryKey: ['versions', kind, name],
    queryFn: ({ signal }) =>
      fetchJson(`${VERSIONS}?${new URLSearchParams({ kind, name })}`, versionHistory, { signal }),
    staleTime: 30_000,
  });

/** The text that is held under a digest. */
export const versionContentQuery = (digest: string) =>
  queryOptions({
    queryKey: ['version-content', digest],
    queryFn: ({ signal }) =>
      fetchJson(`${VERSIONS}/content?${new URLSearchParams({ digest })}`, versionContent, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
