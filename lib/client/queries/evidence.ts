import { queryOptions } from '@tanstack/react-query';
import { exportPreview } from '@/lib/evidence/package/export-request';
import type { PackageScope } from '@/lib/evidence/package/manifest';
import { fetchJson } from '../fetch-json';

/** What an evidence package of this scope would hold. */
export const exportPreviewQuery = (scope: PackageScope) =>
  queryOptions({
    queryKey: ['export-preview', scope],
    queryFn: ({ signal }) =>
      fetchJson('/api/v1/evidence/preview', exportPreview, { method: 'POST', body: { scope }, signal }),
    staleTime: 15_000,
  });
