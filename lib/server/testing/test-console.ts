import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, inject } from 'vitest';
import { endPools } from '../database/end-pools';
import { APP_ROLE, VAULT_ROLE } from '../database/privileges';
import { createKeys } from '../keys/key-directory';

export interface TestConsole {
  /** A connection as the database's owner, for tampering that the app's role could not do. */
  owner: Client;
}

/**
 * A console of its own for one test file: fresh keys and a copy of the migrated database, reached by the verbs through
 * the same pool and role as in production. Call once at the top of a file, before any verb runs.
 */
export async function startTestConsole(): Promise<TestConsole> {
  const ownerUrl = new URL(inject('ownerUrl'));
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = new Client({
    connectionString: Object.assign(new URL(ownerUrl), { pathname: '/postgres' }).href,
  });
  await admin.connect();
  // A copy of the files takes a third of what a copy through the log does, and a run makes a hundred.
  await admin.query(`CREATE DATABASE ${name} TEMPLATE countersign STRATEGY FILE_COPY`);
  const dataDirectory = mkdtempSync(join(tmpdir(), 'countersign-keys-'));
  createKeys(dataDirectory);
  const appUrl = Object.assign(new URL(ownerUrl), {
    pathname: `/${name}`,
    username: APP_ROLE,
    password: inject('appPassword'),
  });
  process.env.COUNTERSIGN_DATABASE_URL = appUrl.href;
  process.env.COUNTERSIGN_VAULT_DATABASE_URL = Object.assign(new URL(appUrl), {
    username: VAULT_ROLE,
    password: inject('vaultPassword'),
  }).href;
  process.env.COUNTERSIGN_DATA = dataDirectory;
  process.env.COUNTERSIGN_ORIGIN = 'http://console.test';
  process.env.NEXTAUTH_URL = 'http://console.test';
  forgetConsole();
  const owner = new Client({
    connectionString: Object.assign(new URL(ownerUrl), { pathname: `/${name}` }).href,
  });
  await owner.connect();
  afterAll(async () => {
    await endPools();
    forgetConsole();
    restoreEnvironment();
    await owner.end();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
    rmSync(dataDirectory, { recursive: true, force: true });
  });
  return { owner };
}

/** What the console of another file of this worker kept in the process. */
function forgetConsole(): void {
  const store = globalThis as unknown as Record<symbol, unknown>;
  for (const key of Object.getOwnPropertySymbols(globalThis))
    if (key.description?.startsWith('countersign.')) delete store[key];
}

const ENVIRONMENT = { ...process.env };

/** What a file set stays in it. */
function restoreEnvironment(): void {
  for (const name of Object.keys(process.env)) if (!(name in ENVIRONMENT)) delete process.env[name];
  Object.assign(process.env, ENVIRONMENT);
}
