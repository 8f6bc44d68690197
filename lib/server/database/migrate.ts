import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { APP_ROLE, grantStatements, vaultGrantStatements } from './privileges';

/** Keeps `_prisma_migrations` as `prisma migrate deploy` would, so either tool can take over from the other. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`;

const ADVISORY_LOCK = 72707369; // the number `prisma migrate` itself takes

/**
 * Applies `prisma/migrations` in name order as the owner, then gives the app's role and the vault's their privileges.
 * @returns names of the migrations applied now
 * @throws Error when an applied migration's file was changed, or the database is of a later version
 */
export async function migrate(options: {
  ownerUrl: string;
  directory: string;
  appPassword: string;
  vaultPassword: string;
}): Promise<string[]> {
  const client = new Client({ connectionString: options.ownerUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(MIGRATIONS_TABLE);
    const names = readdirSync(options.directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
    const applied = new Map<string, string>();
    const rows = await client.query<{ migration_name: string; checksum: string }>(
      'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    );
    for (const row of rows.rows) applied.set(row.migration_name, row.checksum);
    for (const name of applied.keys()) {
      if (!names.includes(name)) {
        throw new Error(
          `The database was migrated by a later version (${name}). Start that version, or restore a backup made by this one.`,
        );
      }
    }
    const done: string[] = [];
    for (const name of names) {
      const sql = readFileSync(join(options.directory, name, 'migration.sql'), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      const known = applied.get(name);
      if (known !== undefined) {
        if (known !== checksum)
          throw new Error(
            `The migration ${name} was changed after it was applied. Restore the file as it was released.`,
          );
        continue;
      }
      await client.query('BEGIN');
      try {
        await client.query(sql);
        await client.query(
          'INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)',
          [randomUUID(), checksum, name],
        );
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
      done.push(name);
    }
    for (const statement of await grantStatements(client, APP_ROLE, options.appPassword))
      await client.query(statement);
    for (const statement of await vaultGrantStatements(client, options.vaultPassword))
      await client.query(statement);
    return done;
  } finally {
    await client.end();
  }
}
