import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@/lib/server/database/embedded';
import { getPool } from '@/lib/server/database/pool';
import { consoleEnvironment } from '../console/console-environment';
import { openDatabase } from '../console/open-database';
import { startServer } from '../console/start-server';
import { PROJECT_ROOT } from '../project-root';
import { Refusal } from '../refusal';
import { BENCH_TENANT } from './bench-producer';

export interface BenchConsole {
  origin: string;
  /** Connection of the database's owner, for reference tables. */
  ownerUrl: string;
  /** Connection of the app's role. */
  appUrl: string;
  /** PostgreSQL's own word on whether commits reach the disk. */
  durability: string;
  stop(): Promise<void>;
}

/**
 * A console of its own for one benchmark: a fresh PostgreSQL that syncs to disk, and the production server of the
 * existing build.
 * @throws Refusal when there is no build
 */
export async function startBenchConsole(): Promise<BenchConsole> {
  if (!existsSync(join(PROJECT_ROOT, '.next', 'BUILD_ID')))
    throw new Refusal(
      'There is no build to measure. Run `npm run up` once, or `npx next build`, and try again.',
    );
  const directory = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  chmodSync(directory, 0o711);
  const database = await openDatabase({ dataDirectory: directory, databaseUrl: undefined });
  const cleanUp = async (): Promise<void> => {
    await database.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const port = await findFreePort();
    const origin = `http://127.0.0.1:${port}`;
    const env = consoleEnvironment({
      dataDirectory: directory,
      appUrl: database.appUrl,
      origin,
      demo: false,
    });
    Object.assign(process.env, env);
    const server = await startServer({ port, host: '127.0.0.1', env, onOutput: () => {} });
    await getPool().query('INSERT INTO tenants (id, name, created_at) VALUES ($1, $1, now())', [
      BENCH_TENANT,
    ]);
    return {
      origin,
      ownerUrl: database.ownerUrl,
      appUrl: database.appUrl,
      durability: await readDurability(),
      stop: async () => {
        await getPool().end();
        await server.stop();
        await cleanUp();
      },
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

async function readDurability(): Promise<string> {
  const rows = await getPool().query<{ fsync: string; commit: string; version: string }>(
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
       current_setting('server_version') AS version`,
  );
  const { fsync, commit, version } = rows.rows[0] as { fsync: string; commit: string; version: string };
  return `PostgreSQL ${version}, fsync=${fsync}, synchronous_commit=${commit}`;
}
