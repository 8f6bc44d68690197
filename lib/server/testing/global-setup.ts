import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedDatabase } from '../database/embedded';
import { migrate } from '../database/migrate';

declare module 'vitest' {
  interface ProvidedContext {
    ownerUrl: string;
    appPassword: string;
    vaultPassword: string;
  }
}

interface Project {
  provide(key: 'ownerUrl' | 'appPassword' | 'vaultPassword', value: string): void;
}

/** One real PostgreSQL for the whole run, migrated once into a template that every test file copies. */
export default async function setup(project: Project): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  chmodSync(directory, 0o755);
  const appPassword = randomBytes(16).toString('hex');
  const vaultPassword = randomBytes(16).toString('hex');
  const database = await startEmbeddedDatabase({
    directory,
    password: randomBytes(16).toString('hex'),
    flags: ['-c', 'fsync=off', '-c', 'max_connections=200'],
  });
  await migrate({
    ownerUrl: database.ownerUrl,
    directory: join(process.cwd(), 'prisma/migrations'),
    appPassword,
    vaultPassword,
  });
  const client = new Client({ connectionString: database.ownerUrl.replace(/\/countersign$/, '/postgres') });
  await client.connect();
  await client.query('ALTER DATABASE countersign WITH IS_TEMPLATE true');
  await client.end();
  project.provide('ownerUrl', database.ownerUrl);
  project.provide('appPassword', appPassword);
  project.provide('vaultPassword', vaultPassword);
  return async () => {
    await database.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}
