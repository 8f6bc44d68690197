import { parseSearchCursor, type SearchCursor } from '@/lib/decisions/search-cursor';
import { parseSearchQuery, type SearchQuery } from '@/lib/decisions/search-query';
import { ServiceError } from '../errors';

/** @throws ServiceError `malformed_request`, naming the term that is wrong */
export function requireSearchQuery(url: URL): SearchQuery {
  const parsed = parseSearchQuery(url.searchParams.get('q') ?? '');
  if (!parsed.ok)
    throw new ServiceError('malformed_request', `Search: ${parsed.code} at "${parsed.detail ?? ''}".`);
  return parsed.value;
}

/** @throws ServiceError `malformed_request` */
export function requirePage(url: URL): {
  cursor: SearchCursor | undefined;
  direction: 'older' | 'newer';
  limit: number;
} {
  const cursor = url.searchParams.get('cursor');
  const parsed = cursor === null ? null : parseSearchCursor(cursor);
  if (parsed && !parsed.ok) throw new ServiceError('malformed_request', 'The cursor is not one of ours.');
  const limit = Number(url.searchParams.get('limit') ?? '100');
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new ServiceError('malformed_request', 'A page holds 1 to 1,000 rows.');
  const direction = url.searchParams.get('direction') === 'newer' ? 'newer' : 'older';
  return { cursor: parsed?.value, direction, limit };
}
