import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endPools } from '@/lib/server/database/end-pools';
import { getPool } from '@/lib/server/database/pool';
import { consoleEnvironment } from '../console/console-environment';
import { openDatabase } from '../console/open-database';

export interface BenchDatabase {
  /** Connection of the database's owner, for reference tables. */
  ownerUrl: string;
  /** Connection of the app's role. */
  appUrl: string;
  /** Environment of a console over this database; it is this process's too. */
  env: Record<string, string>;
  /** PostgreSQL's own word on whether commits reach the disk. */
  durability: string;
  stop(): Promise<void>;
}

/**
 * A PostgreSQL that syncs to disk, with the console's tables and keys: fresh for one benchmark, or in a directory that is
 * kept.
 */
export async function openBenchDatabase(origin: string, kept?: string): Promise<BenchDatabase> {
  if (kept !== undefined) mkdirSync(kept, { recursive: true });
  const directory = kept ?? mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  chmodSync(directory, 0o711);
  const database = await openDatabase({ dataDirectory: directory, databaseUrl: undefined });
  const { ownerUrl, appUrl } = database;
  const env = consoleEnvironment({ dataDirectory: directory, appUrl, origin, demo: false });
  Object.assign(process.env, env);
  return {
    ownerUrl,
    appUrl,
    env,
    durability: await readDurability(),
    stop: async () => {
      await endPools();
      await database.stop();
      if (kept === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function readDurability(): Promise<string> {
  const rows = await getPool().query<{ fsync: string; commit: string; version: string }>(
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
       current_setting('server_version') AS version`,
  );
  const { fsync, commit, version } = rows.rows[0] as { fsync: string; commit: string; version: string };
  return `PostgreSQL ${version}, fsync=${fsync}, synchronous_commit=${commit}`;
}
