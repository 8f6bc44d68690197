import { execFile } from 'node:child_process';
import { mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

/** What tests hold our receipts to and our adapters against, in versions that were tried together. */
const REQUIREMENTS = ['opentimestamps==0.4.5', 'moto[s3,server]==5.2.5'];
const DIRECTORY = join(process.cwd(), 'node_modules/.cache/countersign/python');
const INSTALL_MS = 240_000;
/** After a failure other test files do not try again for a while. */
const FAILED_MS = 600_000;

const run = promisify(execFile);

export type PythonTools =
  | { readonly python: string; readonly missing: null }
  | { readonly python: null; readonly missing: string };

/**
 * A Python with the tools above, made once in a virtual environment under node_modules/.cache. Where there is no Python 3
 * or no package index in reach it answers why, so that tests skip with a message; it never throws.
 */
export async function preparePythonTools(): Promise<PythonTools> {
  const python = join(DIRECTORY, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const ready = join(DIRECTORY, `ready-${REQUIREMENTS.join('-').replace(/[^a-z0-9.]+/g, '-')}`);
  const failed = `${DIRECTORY}.failed`;
  const lock = `${DIRECTORY}.lock`;
  const missing = 'Python tools (opentimestamps, moto) could not be installed here';
  try {
    await mkdir(join(DIRECTORY, '..'), { recursive: true });
    for (;;) {
      if (await ageMs(ready)) return { python, missing: null };
      const failedMs = await ageMs(failed);
      if (failedMs !== null && failedMs < FAILED_MS) return { python: null, missing };
      if (await takeLock(lock)) break;
      await wait(500);
    }
    try {
      await install(python);
      await writeFile(ready, REQUIREMENTS.join('\n'));
      return { python, missing: null };
    } catch {
      await writeFile(failed, missing);
      return { python: null, missing };
    } finally {
      await rm(lock, { recursive: true, force: true });
    }
  } catch {
    return { python: null, missing };
  }
}

async function install(python: string): Promise<void> {
  await rm(DIRECTORY, { recursive: true, force: true });
  const system = process.platform === 'win32' ? 'python' : 'python3';
  await run(system, ['-m', 'venv', DIRECTORY], { timeout: INSTALL_MS });
  // What is imported is compiled then; moto alone has a thousand files that are not.
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-compile'];
  await run(
    python,
    ['-m', 'pip', 'install', ...quiet, '--retries', '1', '--timeout', '20', ...REQUIREMENTS],
    {
      timeout: INSTALL_MS,
    },
  );
}

/** True for the one process that may install; a lock that its owner left behind is taken over. */
async function takeLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const age = await ageMs(lock);
    if (age === null || age < 2 * INSTALL_MS) return false;
    await utimes(lock, new Date(), new Date());
    return true;
  }
}

async function ageMs(path: string): Promise<number | null> {
  try {
    return Math.max(1, Date.now() - (await stat(path)).mtimeMs);
  } catch {
    return null;
  }
}
