import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '../fetch-json';

export type { IntegrityStatus } from './frame-answer';

/** What the frame shows live: escalations waiting and the state of the log. Asked every 5 s while the page is visible. */
export const frameQuery = () =>
  queryOptions({
    queryKey: ['frame'],
    // The frame is drawn before its first answer, so the parser may come with that.
    queryFn: async ({ signal }) =>
      fetchJson('/api/v1/frame', (await import('./frame-answer')).frameAnswer, { signal }),
    refetchInterval: 5_000,
    staleTime: 4_000,
  });
