import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { vectorFolder } from '@/lib/core/testing/vector-folder';
import { CHROMIUM_FLAGS } from '../check/chromium-flags';
import { findSystemChromium } from '../check/find-chromium';
import { Refusal } from '../refusal';
import { type JudgedTopic, judgeTopics } from './judge-topics';
import { serveVectors } from './serve-vectors';
import { compareHosts, formatVectorTable } from './vector-table';
import { listUnjudged } from './vector-topics';

/**
 * `countersign vectors [--json]`: every published vector, judged in this process and in a Chromium, as one table.
 * @returns 1 when any answer is not the published one, or when there is no browser to ask
 * @throws Refusal when the collection is not beside the project
 */
export async function vectorsCommand(args: string[]): Promise<number> {
  if (vectorFolder.listFiles('').length === 0)
    throw new Refusal('The published vectors are not here: put the collection at ../shared/vectors.');
  const rows = compareHosts(await judgeTopics(vectorFolder), await judgeInChromium());
  console.log(
    args.includes('--json')
      ? JSON.stringify(rows, null, 2)
      : formatVectorTable(rows, listUnjudged(vectorFolder)),
  );
  const complete = rows.every(
    ({ faults, agreedInChromium }) => faults.length === 0 && agreedInChromium !== null,
  );
  return complete ? 0 : 1;
}

async function judgeInChromium(): Promise<JudgedTopic[] | null> {
  const executablePath = findSystemChromium() ?? chromium.executablePath();
  if (!existsSync(executablePath)) return null;
  const served = await serveVectors(vectorFolder);
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(served.origin);
    return await page.evaluate(() => globalThis.judgeVectors());
  } finally {
    await browser.close();
    await served.stop();
  }
}
