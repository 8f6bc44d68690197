import { resolve } from 'node:path';
import { defaultDataDirectory } from '@/lib/server/config';
import { claimDataDirectory } from '../console/data-directory';
import { openDatabase } from '../console/open-database';
import { Cleanup } from '../up/stop-signals';

/** `countersign migrate`: the schema, the app's role and its privileges, without starting the console. */
export async function migrateCommand(args: string[]): Promise<number> {
  const dataDirectory = resolve(process.env.COUNTERSIGN_DATA || defaultDataDirectory());
  const cleanup = new Cleanup();
  try {
    cleanup.add(claimDataDirectory(dataDirectory, args.includes('--empty')).release);
    const database = await openDatabase({
      dataDirectory,
      databaseUrl: process.env.DATABASE_URL || undefined,
    });
    cleanup.add(database.stop);
    return 0;
  } finally {
    await cleanup.run();
  }
}
