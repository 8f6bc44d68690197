import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { verifyCer as verifyWithPackage } from '@nexart/ai-execution';
import { parseHex } from '@/lib/core/encoding';
import { buildBundle } from '@/lib/evidence/cer/testing/build-cer';
import { expectAccessible } from './fixtures/expect-accessible';
import { expect, test } from './fixtures/story';
import type { ConsoleState } from './setup/console-state';

const ROOT = join(import.meta.dirname, '..');
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** `countersign import cer` as north's agent runs it: a process of its own, with its key in a file. */
async function runImport(state: ConsoleState, file: string, keyFile: string) {
  const agent = state.agents.find(({ tenant }) => tenant === 'north');
  const seed = agent ? parseHex(agent.seed) : null;
  if (!agent || !seed?.ok) throw new Error('There is no agent in north.');
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed.value]),
    format: 'der',
    type: 'pkcs8',
  });
  writeFileSync(keyFile, key.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', join(ROOT, 'lib/cli/main.ts'), 'import', 'cer', file],
      ...['--console', state.origin, '--producer', agent.id, '--key', keyFile, '--json'],
    ],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') },
    },
  );
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return {
    code: code as number,
    report: JSON.parse(out) as { imported: { decision: string; status: string }[] },
  };
}

test('a certified execution is imported, found by its hash, and given back in the bytes in which it came', async ({
  page,
  console: state,
  signInAs,
  openAs,
}, info) => {
  const bundle = buildBundle({
    executionId: `exec-${Date.now()}`,
    timestamp: new Date(Date.now() - 60_000).toISOString(),
  });
  const file = info.outputPath('made-elsewhere.json');
  writeFileSync(file, JSON.stringify(bundle, null, 3));
  const keyFile = info.outputPath('agent.pem');
  const first = await runImport(state, file, keyFile);
  expect([first.code, first.report.imported.map(({ status }) => status)]).toEqual([0, ['accepted']]);
  const again = await runImport(state, file, keyFile);
  expect([again.code, again.report.imported.map(({ status }) => status)]).toEqual([0, ['duplicate']]);
  const decision = first.report.imported[0]?.decision ?? '';

  await signInAs({ role: 'compliance' });
  await page.goto(`${state.origin}/decisions/${decision}`);
  await expect(page.getByText(bundle.certificateHash.slice(0, 20)).first()).toBeVisible();
  await page.getByRole('link', { name: 'Verification' }).click();
  await expect(page.getByText('Certificate', { exact: true }).first()).toBeVisible();

  await page.getByRole('link', { name: 'Export' }).click();
  const panel = page.locator('section.panel', { hasText: 'Certified Execution Record' });
  await panel.getByLabel('What the file is for').selectOption('internal-audit');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('button', { name: 'Save the record' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`${decision}.cer.json`);
  const saved = readFileSync(await download.path());
  expect(saved.equals(readFileSync(file))).toBe(true);
  expect(verifyWithPackage(JSON.parse(saved.toString())).ok).toBe(true);
  await expect(panel.getByText(`${decision}.cer.json`, { exact: true })).toBeVisible();
  await expectAccessible(page);

  const auditor = await openAs({ role: 'auditor' });
  await auditor.page.goto(`${state.origin}/decisions/${decision}`);
  await auditor.page.getByRole('link', { name: 'Export' }).click();
  await expect(auditor.page.getByText('a form with hashes alone does not exist')).toBeVisible();
  await expect(auditor.page.getByRole('button', { name: 'Save the record' })).toHaveCount(0);
});
