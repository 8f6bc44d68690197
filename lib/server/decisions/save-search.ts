import { MAX_SAVED_SEARCHES, type SavedSearch, type SaveSearchRequest } from '@/lib/decisions/saved-search';
import { parseSearchQuery } from '@/lib/decisions/search-query';
import type { Viewer } from '@/lib/identity/viewer';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';

/**
 * Keeps a search under a name; the same person's search of that name is replaced. The record says which fields it asks
 * for, not the name nor the values, which a person may have typed anything into.
 * @throws ServiceError `malformed_request` when this person keeps 100 others already
 */
export async function saveSearch(
  viewer: Pick<Viewer, 'tenant' | 'person'>,
  { name, query, shared }: SaveSearchRequest,
  { nowMs = clockNowMs() } = {},
): Promise<SavedSearch> {
  const tenant = viewer.tenant.id;
  const person = viewer.person.id;
  const terms = parseSearchQuery(query);
  return inTransaction(async (tx) => {
    // One person's saves wait for each other, so that the count holds.
    await tx.query('SELECT 1 FROM people WHERE id = $1 FOR UPDATE', [person]);
    const kept = await tx.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM saved_searches WHERE tenant = $1 AND person = $2 AND name <> $3',
      [tenant, person, name],
    );
    if ((kept.rows[0]?.n ?? 0) >= MAX_SAVED_SEARCHES)
      throw new ServiceError('malformed_request', `A person keeps ${MAX_SAVED_SEARCHES} searches at most.`);
    const saved = await tx.query<{ id: string }>(
      `INSERT INTO saved_searches (id, tenant, person, name, query, shared, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (tenant, person, name) DO UPDATE SET query = $5, shared = $6, saved_at = $7 RETURNING id`,
      [newId('srch', nowMs), tenant, person, name, query, shared, new Date(nowMs)],
    );
    const id = saved.rows[0]?.id as string;
    await journal(tx, {
      tenant,
      kind: 'search.saved',
      id: newId('rec', nowMs),
      body: {
        search_id: id,
        person,
        shared,
        fields: terms.ok ? [...new Set(terms.value.map(({ field }) => field))] : [],
      },
      occurredAtMs: nowMs,
    });
    return { id, name, query, shared, mine: true, by: viewer.person.name };
  });
}

/** @throws ServiceError `not_found`, for another person's search as for none */
export async function deleteSearch(
  viewer: Pick<Viewer, 'tenant' | 'person'>,
  searchId: string,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const tenant = viewer.tenant.id;
  const person = viewer.person.id;
  await inTransaction(async (tx) => {
    const deleted = await tx.query(
      'DELETE FROM saved_searches WHERE id = $1 AND tenant = $2 AND person = $3',
      [searchId, tenant, person],
    );
    if (deleted.rowCount === 0) throw new ServiceError('not_found', 'You keep no such search.');
    await journal(tx, {
      tenant,
      kind: 'search.deleted',
      id: newId('rec', nowMs),
      body: { search_id: searchId, person },
      occurredAtMs: nowMs,
    });
  });
}
