import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';
import { runProgram, runTool } from '../run-tool';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A Chromium of the machine's own: CHROMIUM_PATH, else the first on the PATH; undefined when there is none. */
export function findSystemChromium(): string | undefined {
  const given = process.env.CHROMIUM_PATH;
  if (given) return given;
  const directories = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  return NAMES.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable);
}

/**
 * The Chromium to test with, installing one when there is none: the machine's, Playwright's own, Debian's package.
 * @returns its path, or null when none can be had
 */
export async function ensureChromium(signal: AbortSignal): Promise<string | null> {
  const system = findSystemChromium();
  if (system) return isExecutable(system) ? system : null;
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  const own = await runTool('playwright/cli.js', ['install', 'chromium'], { signal });
  if (own.exitCode === 0 && existsSync(chromium.executablePath())) return chromium.executablePath();
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runProgram('apt-get', ['update'], { env, signal });
  await runProgram('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env, signal });
  return findSystemChromium() ?? null;
}
