import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportReport } from '@/lib/cli/import/import-report';
import { expect, test } from './fixtures/story';

const ROOT = join(import.meta.dirname, '..');
const TRACES = join(ROOT, '..', 'shared', 'data', 'agent-traces');

/** The replay in a process of its own: its verbs keep a configuration and a pool for the life of a process. */
async function replay(): Promise<ImportReport> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(ROOT, 'e2e/setup/replay-traces.ts'), TRACES],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') },
    },
  );
  let report: ImportReport | undefined;
  child.on('message', (message) => {
    report = message as ImportReport;
  });
  const [code] = await once(child, 'exit');
  if (code !== 0 || !report)
    throw new Error(`The replay ended with ${code} and ${report ? 'a' : 'no'} report.`);
  return report;
}

test('real agent runs: every call is a record, no injected action runs without a person, the whole log verifies', async () => {
  test.skip(!existsSync(TRACES), `no agent runs at ${TRACES}`);
  const report = await replay();
  expect(report.runs).toBe(30);
  expect(report.calls).toBeGreaterThan(60);
  expect(report.records.decisions).toBe(report.calls);
  expect(report.attacker.calls).toBeGreaterThan(0);
  expect(report.attacker.executedWithoutPerson).toBe(0);
  expect(report.escalations.asked).toBeGreaterThan(0);
  expect(report.escalations.other).toBe(0);
  expect(report.harmlessWrites.withoutPerson).toBeGreaterThan(0);
  expect(report.verification.failed).toEqual([]);
  expect(report.verification.verdict).toBe('valid');
});
