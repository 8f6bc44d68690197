import { readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';

const EVERY_MS = 100;

/**
 * Watches the memory of a browser's renderers: what they hold themselves, without files they map (Linux: RssAnon).
 * @returns stops the watch and gives the greatest sum seen, in MB; null where the system does not tell
 */
export async function sampleRenderer(browser: Browser): Promise<() => Promise<number | null>> {
  const session = await browser.newBrowserCDPSession();
  let most: number | null = null;
  let going = true;
  const watching = (async () => {
    while (going) {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const sum = processInfo
        .filter(({ type }) => type === 'renderer')
        .reduce((n, { id }) => n + (anonymousMegabytes(id) ?? 0), 0);
      if (sum > 0) most = Math.max(most ?? 0, sum);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return async () => {
    going = false;
    await watching;
    await session.detach();
    return most;
  };
}

function anonymousMegabytes(pid: number): number | null {
  try {
    const line = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line ? Number(line[1]) / 1024 : null;
  } catch {
    return null;
  }
}
