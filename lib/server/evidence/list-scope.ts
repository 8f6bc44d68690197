import { formatSearchCursor, parseSearchCursor, type SearchCursor } from '@/lib/decisions/search-cursor';
import { parseSearchQuery, type SearchQuery } from '@/lib/decisions/search-query';
import type { PackageScope } from '@/lib/evidence/package/manifest';
import { listDecisionsById } from '../decisions/get-decision';
import { searchDecisions } from '../decisions/search-decisions';
import { ServiceError } from '../errors';

/** A decision of the scope, and where a search would go on after it; null when nothing follows. */
export interface ScopedDecision {
  id: string;
  next: string | null;
}

const PAGE_ROWS = 200;

/**
 * Checks the scope before anything is recorded or written: every named decision is one of this organisation's, a query can
 * be read.
 * @throws ServiceError `not_found`, `malformed_request`
 */
export async function requireScope(tenant: string, scope: PackageScope): Promise<void> {
  if (scope.kind === 'search') {
    requireQuery(scope);
    return;
  }
  const ids = scope.kind === 'decision' ? [scope.decision] : scope.decisions;
  const known = new Set((await listDecisionsById(tenant, ids)).map(({ id }) => id));
  if (ids.some((id) => !known.has(id)))
    throw new ServiceError('not_found', 'No decision has one of these ids.');
}

function requireQuery(scope: Extract<PackageScope, { kind: 'search' }>): {
  query: SearchQuery;
  cursor: SearchCursor | undefined;
} {
  const query = parseSearchQuery(scope.query);
  if (!query.ok) throw new ServiceError('malformed_request', `Search: ${query.code}.`);
  const cursor = scope.cursor === undefined ? null : parseSearchCursor(scope.cursor);
  if (cursor && !cursor.ok) throw new ServiceError('malformed_request', 'The cursor is not one of ours.');
  return { query: query.value, cursor: cursor?.value };
}

/** The decisions of a checked scope, newest first for a search, page by page. */
export async function* listScope(tenant: string, scope: PackageScope): AsyncGenerator<ScopedDecision> {
  if (scope.kind === 'decision') yield { id: scope.decision, next: null };
  else if (scope.kind === 'case') for (const id of new Set(scope.decisions)) yield { id, next: null };
  else {
    const { query, cursor: from } = requireQuery(scope);
    let cursor = from;
    let waiting: { id: string; next: string } | null = null;
    for (;;) {
      const page = await searchDecisions(tenant, query, { cursor, limit: PAGE_ROWS });
      for (const row of page.rows) {
        if (waiting) yield waiting;
        const next = formatSearchCursor({ occurredAtMs: Date.parse(row.occurredAt), id: row.id });
        waiting = { id: row.id, next };
      }
      const older = page.older === null ? null : parseSearchCursor(page.older);
      if (!older?.ok) break;
      cursor = older.value;
    }
    // Whether anything follows the last is known only now.
    if (waiting) yield { id: waiting.id, next: null };
  }
}
