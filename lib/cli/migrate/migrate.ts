import { withDatabase } from '../console/with-database';

/** `countersign migrate [--empty]`: the schema, the app's role and its privileges, without starting the console. */
export async function migrateCommand(args: string[]): Promise<number> {
  return withDatabase(args.includes('--empty'), async () => 0);
}
