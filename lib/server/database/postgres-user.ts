import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

/** A system user by number, as PostgreSQL must run when the console itself runs as root. */
export interface SystemUser {
  uid: number;
  gid: number;
}

function findUser(name: string): SystemUser | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

/**
 * The user to run PostgreSQL as: null for an ordinary user (as themselves), else the owner of an existing cluster, the
 * system's `postgres`, one created now, or `nobody`: PostgreSQL refuses to run as root.
 */
export function choosePostgresUser(clusterDirectory: string): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(clusterDirectory, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const known = findUser('postgres');
  if (known) return known;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
  if (!findUser('postgres')) spawnSync('adduser', ['-S', '-D', '-H', 'postgres']);
  return findUser('postgres') ?? findUser('nobody') ?? { uid: 65534, gid: 65534 };
}

/** Whether that user can enter `directory`, found by trying. */
export function canEnter(user: SystemUser, directory: string): boolean {
  const tried = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { ...user, cwd: '/' });
  return tried.status === 0;
}
