import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type PlacedPostgres, placePostgres } from './place-postgres';

export interface EmbeddedDatabase {
  /** Connection of the owner (superuser of this private server). */
  ownerUrl: string;
  /** Where the cluster lies: `<directory>/postgres` unless its user cannot reach that. */
  clusterDirectory: string;
  /** Fast shutdown; resolves once the server has ended. */
  stop(): Promise<void>;
}

/** A machine that runs a console has this to spare; compiled plans cost more than our short queries give back. */
const MEMORY = [
  '-c',
  'shared_buffers=256MB',
  '-c',
  'wal_buffers=16MB',
  '-c',
  'max_wal_size=4GB',
  '-c',
  'jit=off',
];

/** A TCP port of 127.0.0.1 that nothing listens on at the moment. */
export async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function initialise(placed: PlacedPostgres, password: string): void {
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-init-'));
  const passwordFile = join(scratch, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (placed.user) {
    chownSync(scratch, placed.user.uid, placed.user.gid);
    chownSync(passwordFile, placed.user.uid, placed.user.gid);
  }
  const made = spawnSync(
    join(placed.binDirectory, 'initdb'),
    [
      `--pgdata=${placed.clusterDirectory}`,
      '--username=countersign',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
    ],
    { ...(placed.user ?? {}), cwd: placed.user ? '/' : undefined, encoding: 'utf8' },
  );
  rmSync(scratch, { recursive: true, force: true });
  if (made.status !== 0)
    throw new Error(`The embedded PostgreSQL could not be set up: ${made.stderr.trim().slice(-600)}`);
}

/** Ends a server that outlived the process that started it (a killed `up`), so that its cluster can be opened again. */
async function endLeftover(clusterDirectory: string): Promise<void> {
  const file = join(clusterDirectory, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const command = existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
  if (!command.includes(clusterDirectory)) return;
  process.kill(pid, 'SIGINT');
  for (let waits = 0; waits < 200 && existsSync(file); waits++)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

function waitUntilReady(child: ChildProcess, tail: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      tail.push(text);
      if (tail.length > 50) tail.shift();
      if (text.includes('database system is ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () =>
      reject(new Error(`The embedded PostgreSQL did not start: ${tail.join('').trim().slice(-600)}`)),
    );
  });
}

/** Creates the database on the first start; says whether the password is the cluster's. */
async function ensureDatabase(url: URL): Promise<void> {
  const admin = new Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href });
  await admin.connect();
  try {
    const found = await admin.query("SELECT 1 FROM pg_database WHERE datname = 'countersign'");
    if (found.rowCount === 0) await admin.query('CREATE DATABASE countersign');
  } finally {
    await admin.end();
  }
}

function endServer(child: ChildProcess, placed: PlacedPostgres): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    // SIGINT is PostgreSQL's fast shutdown; Windows has no signals.
    if (process.platform === 'win32')
      spawn(join(placed.binDirectory, 'pg_ctl'), ['stop', '-D', placed.clusterDirectory, '-m', 'fast']);
    else child.kill('SIGINT');
  });
}

/**
 * Starts a real PostgreSQL from the npm-shipped binaries in `<directory>/postgres`, listening on 127.0.0.1 only, with
 * the database `countersign`. As root the server runs as another user (see `placePostgres`). It leads its own process
 * group, so that a Ctrl-C at the terminal reaches it through `stop()` only.
 * @throws Error one sentence that ends with PostgreSQL's own last words
 */
export async function startEmbeddedDatabase(options: {
  directory: string;
  password: string;
  port?: number;
  flags?: string[];
}): Promise<EmbeddedDatabase> {
  const placed = placePostgres(options.directory);
  const port = options.port ?? (await findFreePort());
  const versionFile = join(placed.clusterDirectory, 'PG_VERSION');
  if (!existsSync(versionFile)) initialise(placed, options.password);
  await endLeftover(placed.clusterDirectory);
  const tail: string[] = [];
  const child = spawn(
    join(placed.binDirectory, 'postgres'),
    [
      ...['-D', placed.clusterDirectory, '-p', String(port)],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      ...MEMORY,
      ...(options.flags ?? []),
    ],
    {
      ...(placed.user ?? {}),
      cwd: placed.user ? '/' : undefined,
      env: { ...process.env, LC_MESSAGES: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    },
  );
  const onExit = (): void => void child.kill('SIGINT');
  process.once('exit', onExit);
  await waitUntilReady(child, tail);
  const url = new URL(`postgres://127.0.0.1:${port}/countersign`);
  url.username = 'countersign';
  url.password = options.password;
  const stop = async (): Promise<void> => {
    process.off('exit', onExit);
    await endServer(child, placed);
  };
  try {
    await ensureDatabase(url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ownerUrl: url.href, clusterDirectory: placed.clusterDirectory, stop };
}
