import { findFreePort } from '@/lib/server/database/embedded';
import { getPool } from '@/lib/server/database/pool';
import { startServer } from '../console/start-server';
import { type BenchDatabase, openBenchDatabase } from './bench-database';
import { BENCH_TENANT } from './bench-producer';
import { requireBuild } from './require-build';

export interface BenchConsole extends Pick<BenchDatabase, 'ownerUrl' | 'appUrl' | 'durability' | 'stop'> {
  origin: string;
}

/**
 * A console of its own for one benchmark: a fresh PostgreSQL that syncs to disk, and the production server of the
 * existing build.
 * @throws Refusal when there is no build
 */
export async function startBenchConsole(): Promise<BenchConsole> {
  requireBuild();
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const database = await openBenchDatabase(origin);
  try {
    const server = await startServer({ port, host: '127.0.0.1', env: database.env, onOutput: () => {} });
    await getPool().query('INSERT INTO tenants (id, name, created_at) VALUES ($1, $1, now())', [
      BENCH_TENANT,
    ]);
    const { ownerUrl, appUrl, durability } = database;
    return {
      origin,
      ownerUrl,
      appUrl,
      durability,
      stop: async () => {
        await server.stop();
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}
