import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort } from '@/lib/server/database/embedded';
import { getPool } from '@/lib/server/database/pool';
import { startServer } from '../console/start-server';
import { PROJECT_ROOT } from '../project-root';
import { Refusal } from '../refusal';
import { type BenchDatabase, openBenchDatabase } from './bench-database';
import { BENCH_TENANT } from './bench-producer';

export interface BenchConsole extends Pick<BenchDatabase, 'ownerUrl' | 'appUrl' | 'durability' | 'stop'> {
  origin: string;
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
