/**
 * Every published vector gives its published answer in Node and in Chromium: the same tables, bundled for the page as they
 * stand. Needs no console of its own; `countersign vectors` prints the same table.
 */
import { expect, test } from '@playwright/test';
import { judgeTopics } from '@/lib/cli/vectors/judge-topics';
import { serveVectors } from '@/lib/cli/vectors/serve-vectors';
import { compareHosts, formatVectorTable } from '@/lib/cli/vectors/vector-table';
import { listUnjudged } from '@/lib/cli/vectors/vector-topics';
import { vectorFolder } from '@/lib/core/testing/vector-folder';

test('published vectors give the same answers in Node and in Chromium', async ({ page }) => {
  test.skip(vectorFolder.listFiles('').length === 0, 'the published vectors are not beside the project');
  const served = await serveVectors(vectorFolder);
  try {
    await page.goto(served.origin);
    const inChromium = await page.evaluate(() => globalThis.judgeVectors());
    const rows = compareHosts(await judgeTopics(vectorFolder), inChromium);
    console.log(formatVectorTable(rows, listUnjudged(vectorFolder)));
    expect(rows.flatMap(({ faults }) => faults)).toEqual([]);
    const asked = rows.filter(({ present }) => present);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ vectors, skipped }) => vectors + skipped.length === 0)).toEqual([]);
  } finally {
    await served.stop();
  }
});
