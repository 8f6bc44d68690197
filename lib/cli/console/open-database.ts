import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedDatabase } from '@/lib/server/database/embedded';
import { migrate } from '@/lib/server/database/migrate';
import { APP_ROLE } from '@/lib/server/database/privileges';
import { createKeys, getSecretIn } from '@/lib/server/keys/key-directory';
import { withProgress } from '../progress';
import { PROJECT_ROOT } from '../project-root';
import { Refusal } from '../refusal';

export interface OpenDatabase {
  /** Connection of the owner, who may change the schema. */
  ownerUrl: string;
  /** Connection of the app's role, who may only append evidence. */
  appUrl: string;
  stop(): Promise<void>;
}

const OLDEST_VERSION = 150_000;

function parseDatabaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.hostname) {
    throw new Refusal(
      'DATABASE_URL is not the address of a PostgreSQL. Write it as postgres://user:password@host:5432/database, or leave it out to use the built-in one.',
    );
  }
  return url;
}

/** One sentence for what PostgreSQL or the network answered (PostgreSQL Appendix A, Node's system errors). */
function explain(error: unknown, url: URL): Refusal | null {
  const code = String((error as { code?: unknown }).code ?? '');
  const place = `${url.hostname}:${url.port || '5432'}`;
  if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET)$/.test(code))
    return new Refusal(
      `No PostgreSQL answers at ${place} (${code}). Check the host and port in DATABASE_URL.`,
    );
  if (code === '28P01' || code === '28000')
    return new Refusal(
      `The PostgreSQL at ${place} refused the sign-in of "${decodeURIComponent(url.username)}". Check the user and password in DATABASE_URL.`,
    );
  if (code === '3D000')
    return new Refusal(
      `The PostgreSQL at ${place} has no database "${url.pathname.slice(1)}". Create it, or correct DATABASE_URL.`,
    );
  if (code === '42501')
    return new Refusal(
      `The user "${decodeURIComponent(url.username)}" may not set up the database at ${place}. Give it ownership of the database and CREATEROLE.`,
    );
  if (/timeout/i.test(String((error as Error).message)))
    return new Refusal(
      `The PostgreSQL at ${place} did not answer in time. Check DATABASE_URL and the network.`,
    );
  return null;
}

async function checkServer(url: URL): Promise<void> {
  const client = new Client({ connectionString: url.href, connectionTimeoutMillis: 8000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ number: string; text: string }>(
      "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS text",
    );
    if (Number(rows[0]?.number) < OLDEST_VERSION) {
      throw new Refusal(
        `The PostgreSQL in DATABASE_URL is version ${rows[0]?.text}; Countersign needs 15 or later. Use a newer server, or leave DATABASE_URL out.`,
      );
    }
  } finally {
    await client.end();
  }
}

async function applyMigrations(
  ownerUrl: string,
  passwords: { appPassword: string; vaultPassword: string },
): Promise<void> {
  try {
    await migrate({ ownerUrl, directory: join(PROJECT_ROOT, 'prisma', 'migrations'), ...passwords });
  } catch (error) {
    // The two sentences that `migrate` itself writes for people; anything else keeps its cause.
    if (error instanceof Error && /^The (database|migration) /.test(error.message))
      throw new Refusal(error.message);
    throw error;
  }
}

/**
 * Keys, a running PostgreSQL (the built-in one, or the one in `databaseUrl`) and the current schema.
 * @throws Refusal one sentence when the database cannot be used
 */
export async function openDatabase(options: {
  dataDirectory: string;
  databaseUrl: string | undefined;
}): Promise<OpenDatabase> {
  createKeys(options.dataDirectory);
  const read = (name: 'database.password' | 'vault.password') =>
    Buffer.from(getSecretIn(options.dataDirectory, name)).toString('hex');
  const password = read('database.password');
  const given = options.databaseUrl ? parseDatabaseUrl(options.databaseUrl) : null;
  const embedded = given
    ? null
    : await withProgress('Starting PostgreSQL', () =>
        startEmbeddedDatabase({ directory: options.dataDirectory, password }),
      );
  const owner = given ?? new URL(embedded?.ownerUrl ?? '');
  const stop = async (): Promise<void> => embedded?.stop();
  try {
    await withProgress('Preparing the database', async () => {
      await checkServer(owner);
      await applyMigrations(owner.href, { appPassword: password, vaultPassword: read('vault.password') });
    });
  } catch (error) {
    await stop();
    throw explain(error, owner) ?? error;
  }
  const app = Object.assign(new URL(owner), { username: APP_ROLE, password });
  return { ownerUrl: owner.href, appUrl: app.href, stop };
}
