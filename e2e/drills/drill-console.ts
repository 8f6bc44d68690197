import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consoleEnvironment } from '@/lib/cli/console/console-environment';
import { PROJECT_ROOT } from '@/lib/cli/project-root';
import { findFreePort, startEmbeddedDatabase } from '@/lib/server/database/embedded';
import { migrate } from '@/lib/server/database/migrate';
import { APP_ROLE } from '@/lib/server/database/privileges';
import { createKeys, getSecretIn } from '@/lib/server/keys/key-directory';

/** A database and an address of a console that a drill may kill as often as it likes. */
export interface DrillConsole {
  origin: string;
  port: number;
  ownerUrl: string;
  env: Record<string, string>;
  /** SIGKILL to the server and all its backends. */
  killDatabase(): Promise<void>;
  /** Starts it again over the same files, at the same address. */
  startDatabase(): Promise<void>;
  stop(): Promise<void>;
}

/** Checkpoints come often, so that kills hit them. */
const CADENCE = { COUNTERSIGN_CHECKPOINT_RECORDS: '60', COUNTERSIGN_CHECKPOINT_SECONDS: '0.5' };

export async function openDrillConsole(): Promise<DrillConsole> {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-drill-'));
  chmodSync(directory, 0o711);
  createKeys(directory);
  const password = Buffer.from(getSecretIn(directory, 'database.password')).toString('hex');
  const databasePort = await findFreePort();
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const start = () => startEmbeddedDatabase({ directory, password, port: databasePort });
  let database = await start();
  const { ownerUrl, clusterDirectory } = database;
  await migrate({
    ownerUrl,
    directory: join(PROJECT_ROOT, 'prisma', 'migrations'),
    appPassword: password,
    vaultPassword: Buffer.from(getSecretIn(directory, 'vault.password')).toString('hex'),
  });
  const appUrl = Object.assign(new URL(ownerUrl), { username: APP_ROLE, password }).href;
  const env = {
    ...consoleEnvironment({ dataDirectory: directory, appUrl, origin, demo: false }),
    ...CADENCE,
  };
  Object.assign(process.env, env);
  return {
    origin,
    port,
    ownerUrl,
    env,
    killDatabase: async () => {
      const pid = Number(readFileSync(join(clusterDirectory, 'postmaster.pid'), 'utf8').split('\n')[0]);
      // Each backend leads a group of its own; until the last is gone, PostgreSQL refuses to start over the same files.
      const backends = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
        .trim()
        .split(' ')
        .filter(Boolean);
      for (const each of [pid, ...backends.map(Number)]) killNow(each);
      for (const each of [pid, ...backends.map(Number)])
        while (isAlive(each)) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    startDatabase: async () => {
      database = await start();
    },
    stop: async () => {
      await database.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** One that has ended and is not yet buried has no command line any more. */
function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return false;
  }
}
