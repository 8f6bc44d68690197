import { describe, expect, test } from 'vitest';
import { getPool } from '../database/pool';
import { APP_ROLE, EVIDENCE_TABLES } from '../database/privileges';
import { startTestConsole } from '../testing/test-console';

const { owner } = await startTestConsole();

/** What the app's own connection is told when it tries; 42501 is insufficient_privilege. */
async function refusalOf(sql: string): Promise<string | undefined> {
  try {
    await getPool().query(sql);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

describe('evidence is append-only for the app’s role', () => {
  test('the verbs run under that role and own nothing', async () => {
    const rows = await getPool().query<{ role: string; owned: number }>(
      `SELECT current_user AS role, (SELECT count(*)::int FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
         WHERE r.rolname = current_user) AS owned`,
    );
    expect(rows.rows).toEqual([{ role: APP_ROLE, owned: 0 }]);
  });

  test.each(EVIDENCE_TABLES)('%s', async (table) => {
    const column = await owner.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 LIMIT 1`,
      [table],
    );
    const name = column.rows[0]?.name ?? '';
    expect(await refusalOf(`UPDATE ${table} SET ${name} = ${name}`)).toBe('42501');
    expect(await refusalOf(`DELETE FROM ${table}`)).toBe('42501');
    expect(await refusalOf(`TRUNCATE ${table}`)).toBe('42501');
    expect(await refusalOf(`DROP TABLE ${table}`)).toBe('42501');
    expect(await refusalOf(`ALTER TABLE ${table} DISABLE TRIGGER ALL`)).toBe('42501');
    expect(await refusalOf(`SELECT 1 FROM ${table} LIMIT 1 FOR UPDATE`)).toBe('42501');
    expect(await refusalOf(`SELECT 1 FROM ${table} LIMIT 1`)).toBeUndefined();
  });

  test('it cannot give itself more', async () => {
    // PostgreSQL answers a grant without the right to grant with a warning; nothing is granted.
    await refusalOf(`GRANT UPDATE ON records TO ${APP_ROLE}`);
    const may = await getPool().query<{ may: boolean }>(
      `SELECT has_table_privilege(current_user, 'records', 'UPDATE') AS may`,
    );
    expect(may.rows).toEqual([{ may: false }]);
    expect(await refusalOf('SET ROLE countersign')).toBe('42501');
    expect(await refusalOf('SELECT 1 FROM _prisma_migrations')).toBe('42501');
  });
});
