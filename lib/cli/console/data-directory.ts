import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../refusal';

/** Raised when what lies in a data directory changes its meaning. */
const LAYOUT = 1;

const description = z.object({ layout: z.number().int(), demo: z.boolean() });

export interface DataDirectory {
  directory: string;
  /** Whether it holds the demo; decided when it was made, and for ever. */
  demo: boolean;
  release(): void;
}

function writable<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM' && code !== 'ENOTDIR') throw error;
    throw new Refusal(
      `The data directory ${directory} cannot be written (${code}). Choose another with COUNTERSIGN_DATA.`,
    );
  }
}

function readDescription(directory: string): z.infer<typeof description> | null {
  const file = join(directory, 'console.json');
  if (!existsSync(file)) return null;
  try {
    const found = description.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (found.layout === LAYOUT) return found;
    throw new Refusal(
      `The data directory ${directory} was made by another version of Countersign (layout ${found.layout}, this one reads ${LAYOUT}). Start that version, or choose another directory with COUNTERSIGN_DATA.`,
    );
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(
      `The file ${file} is damaged. Restore it from your backup, or choose another directory with COUNTERSIGN_DATA.`,
    );
  }
}

/** The process that holds a data directory, or null when none that still runs does. */
export function findHolder(directory: string): number | null {
  const file = join(directory, 'up.pid');
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, 'utf8'));
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  // A number may have been given to another program since; where the system tells, ask it.
  const commandFile = `/proc/${pid}/cmdline`;
  if (existsSync(commandFile) && !/countersign|lib.cli|run-console/.test(readFileSync(commandFile, 'utf8')))
    return null;
  return pid;
}

function lock(directory: string): void {
  const file = join(directory, 'up.pid');
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = findHolder(directory);
      if (holder !== null && holder !== process.pid) {
        throw new Refusal(
          `The data directory ${directory} is in use by another countersign (process ${holder}). Stop that one, or choose another directory with COUNTERSIGN_DATA.`,
        );
      }
      rmSync(file, { force: true });
    }
  }
  throw new Refusal(`The data directory ${directory} is being opened by another countersign. Try again.`);
}

/** As root PostgreSQL runs as another user, who must be able to pass through to its cluster; others still list nothing. */
function letPostgresThrough(directory: string): void {
  const mode = statSync(directory).mode & 0o7777;
  if (process.getuid?.() === 0 && (mode & 0o011) !== 0o011) chmodSync(directory, mode | 0o011);
}

/**
 * Opens a data directory for this process alone, making it when it is new: mode 0711, so that PostgreSQL's own user can
 * pass through as root; the keys inside are 0700.
 * @throws Refusal when it cannot be written, is of another version, is in use, or holds the other kind of console
 */
export function claimDataDirectory(directory: string, empty: boolean): DataDirectory {
  return writable(directory, () => {
    mkdirSync(directory, { recursive: true, mode: 0o711 });
    letPostgresThrough(directory);
    const found = readDescription(directory);
    if (found?.demo && empty) {
      throw new Refusal(
        `The data directory ${directory} holds the demo, which an empty console must not share. Choose another: COUNTERSIGN_DATA=~/.countersign-console npm run up -- --empty`,
      );
    }
    lock(directory);
    const demo = found ? found.demo : !empty;
    if (!found)
      writeFileSync(join(directory, 'console.json'), `${JSON.stringify({ layout: LAYOUT, demo })}\n`);
    return { directory, demo, release: () => rmSync(join(directory, 'up.pid'), { force: true }) };
  });
}
