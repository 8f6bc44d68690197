import { describe, expect, test } from 'vitest';
import { MAX_SAVED_SEARCHES, saveSearchRequest } from '@/lib/decisions/saved-search';
import type { Role } from '@/lib/identity/role';
import type { Viewer } from '@/lib/identity/viewer';
import { getPool } from '../database/pool';
import { createPerson } from '../identity/create-person';
import { findViewer } from '../identity/find-viewer';
import { readStoredRecord } from '../records/read-stored-record';
import { startTestConsole } from '../testing/test-console';
import { createTestTenant } from '../testing/test-producer';
import { listSearches } from './list-searches';
import { deleteSearch, saveSearch } from './save-search';

await startTestConsole();

async function member(tenant: string, name: string, roles: Role[] = ['compliance']): Promise<Viewer> {
  const { id } = await createPerson({ tenant, email: `${name}.${tenant}@example.org`, name, roles });
  const viewer = await findViewer(id, tenant);
  if (!viewer) throw new Error('no viewer');
  return viewer;
}

const bank = await createTestTenant('bank');
const clinic = await createTestTenant('clinic');
const [ada, ben, cleo] = [await member(bank, 'Ada'), await member(bank, 'Ben'), await member(clinic, 'Cleo')];
const token = `tok_${'8a'.repeat(16)}`;

async function journalled(tenant: string) {
  const { rows } = await getPool().query<{ envelope: Buffer }>(
    `SELECT envelope FROM records WHERE tenant = $1 AND kind LIKE 'search.%' ORDER BY position`,
    [tenant],
  );
  return rows.map(({ envelope }) => readStoredRecord(new Uint8Array(envelope)));
}

describe('a saved search', () => {
  test('is kept for its person, and seen by others of the organisation only when shared', async () => {
    const own = await saveSearch(ada, { name: 'Refusals', query: 'outcome:refuse', shared: false });
    const told = await saveSearch(ada, { name: 'One subject', query: `subject:${token}`, shared: true });
    expect((await listSearches(ada)).map(({ id, mine }) => [id, mine])).toEqual([
      [told.id, true],
      [own.id, true],
    ]);
    expect(await listSearches(ben)).toEqual([{ ...told, mine: false, by: 'Ada' }]);
    expect(await listSearches(cleo)).toEqual([]);
  });

  test('of the same name replaces the last, also in its sharing', async () => {
    const first = await saveSearch(ben, { name: 'Mine', query: 'agent:a', shared: true });
    const second = await saveSearch(ben, { name: 'Mine', query: 'agent:b', shared: false });
    expect(second.id).toBe(first.id);
    expect((await listSearches(ben)).filter(({ name }) => name === 'Mine')).toEqual([second]);
    expect((await listSearches(ada)).some(({ id }) => id === first.id)).toBe(false);
  });

  test('is a record that names its fields, and neither its name nor its values', async () => {
    const records = await journalled(bank);
    expect(records.length).toBe(4);
    expect(records.map(({ kind }) => kind)).toEqual(Array(4).fill('search.saved'));
    expect(records[1]?.body).toMatchObject({ person: ada.person.id, shared: true, fields: ['subject'] });
    const all = JSON.stringify(records);
    for (const word of ['Refusals', 'One subject', token, 'Ada']) expect(all).not.toContain(word);
  });

  test('is forgotten by its own person only, and that is a record', async () => {
    const [search] = await listSearches(ada);
    if (!search) throw new Error('none');
    for (const other of [ben, cleo])
      await expect(deleteSearch(other, search.id)).rejects.toMatchObject({ code: 'not_found' });
    await deleteSearch(ada, search.id);
    await expect(deleteSearch(ada, search.id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await listSearches(ben)).some(({ id }) => id === search.id)).toBe(false);
    expect((await journalled(bank)).at(-1)).toMatchObject({
      kind: 'search.deleted',
      body: { search_id: search.id, person: ada.person.id },
    });
  });

  test('stays one of a hundred, however many are saved at once', async () => {
    const saves = Array.from({ length: MAX_SAVED_SEARCHES + 6 }, (_, i) =>
      saveSearch(cleo, { name: `n${i}`, query: 'agent:a', shared: false }).then(
        () => 'kept',
        (error: { code: string }) => error.code,
      ),
    );
    const answers = await Promise.all(saves);
    expect(answers.filter((answer) => answer === 'kept')).toHaveLength(MAX_SAVED_SEARCHES);
    expect(answers.filter((answer) => answer === 'malformed_request')).toHaveLength(6);
    expect(await listSearches(cleo)).toHaveLength(MAX_SAVED_SEARCHES);
  });

  test.each([
    ['a query that cannot be read', { name: 'x', query: 'colour:red', shared: false }],
    ['a real identifier where a token belongs', { name: 'x', query: 'subject:patient-17', shared: false }],
    ['no name', { name: '   ', query: '', shared: false }],
    ['a name with a line break', { name: 'a\nb', query: '', shared: false }],
    ['a name without end', { name: 'x'.repeat(81), query: '', shared: false }],
  ])('is refused with %s', (_name, body) => {
    expect(saveSearchRequest.safeParse(body).success).toBe(false);
  });
});
