import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--no-first-run',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const SAMPLE_EVERY_MS = 100;

/**
 * Opens one page in a Chromium of its own, with a fresh profile and no debugger attached (one would keep every answer it
 * sees in the page's memory), until `until` is settled.
 * @returns what `until` gives, and the most memory that the page's process held itself, in MB (Linux: RssAnon of the
 *   largest renderer); null where the system does not tell
 */
export async function runChromium<T>(
  executablePath: string,
  url: string,
  until: Promise<T>,
): Promise<{ result: T; megabytes: number | null }> {
  const profile = mkdtempSync(join(tmpdir(), 'countersign-chromium-'));
  const child = spawn(executablePath, [...FLAGS, `--user-data-dir=${profile}`, url], {
    stdio: 'ignore',
    detached: true,
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`Chromium ended before its work was done (exit ${code}).`);
  });
  failed.catch(() => {});
  let megabytes: number | null = null;
  const sampling = setInterval(() => {
    const held = largestRenderer(child.pid ?? 0);
    if (held !== null) megabytes = Math.max(megabytes ?? 0, held);
  }, SAMPLE_EVERY_MS);
  try {
    return { result: await Promise.race([until, failed]), megabytes };
  } finally {
    clearInterval(sampling);
    await stop(child);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Ends the browser with all its processes: they are a group of their own. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await gone;
}

/** The renderers of this browser run in the process group of the browser itself. */
function largestRenderer(group: number): number | null {
  let largest: number | null = null;
  for (const pid of listProcesses()) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // After the name in brackets: state, parent, process group.
      const groupOf = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
      if (groupOf !== group || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer'))
        continue;
      const line = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
      if (line) largest = Math.max(largest ?? 0, Number(line[1]) / 1024);
    } catch {
      // It ended while it was looked at.
    }
  }
  return largest;
}

function listProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
