import { resolve } from 'node:path';
import { defaultDataDirectory } from '@/lib/server/config';
import { Cleanup } from '../up/stop-signals';
import { consoleEnvironment } from './console-environment';
import { claimDataDirectory } from './data-directory';
import { openDatabase } from './open-database';

/**
 * Runs `work` over the database of a data directory (COUNTERSIGN_DATA) that no console is using, with the current
 * schema and this process configured for the verbs of lib/server. Closes everything afterwards.
 * @throws Refusal when the directory is in use or the database cannot be opened
 */
export async function withDatabase<T>(empty: boolean, work: () => Promise<T>): Promise<T> {
  const dataDirectory = resolve(process.env.COUNTERSIGN_DATA || defaultDataDirectory());
  const cleanup = new Cleanup();
  try {
    const data = claimDataDirectory(dataDirectory, empty);
    cleanup.add(data.release);
    const database = await openDatabase({
      dataDirectory,
      databaseUrl: process.env.DATABASE_URL || undefined,
    });
    cleanup.add(database.stop);
    const origin = process.env.COUNTERSIGN_ORIGIN || 'http://localhost:3000';
    Object.assign(
      process.env,
      consoleEnvironment({ dataDirectory, appUrl: database.appUrl, origin, demo: data.demo }),
    );
    return await work();
  } finally {
    await cleanup.run();
  }
}
