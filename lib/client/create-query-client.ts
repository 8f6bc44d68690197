import { QueryClient } from '@tanstack/react-query';
import { RequestError } from './fetch-json';

/**
 * The one client of a page. What was refused is not asked again; what got no answer is, twice. Coming back to the
 * window asks for nothing: live data has its own interval or event stream.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && !(error instanceof RequestError && isFinal(error.status)),
        retryDelay: (attempt) => Math.min(8_000, 500 * 2 ** attempt),
      },
      mutations: { retry: false },
    },
  });
}

function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
