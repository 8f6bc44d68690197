import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { getPool } from '@/lib/server/database/pool';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { getCoverage } from '@/lib/server/witnesses/get-coverage';
import { listWitnesses } from '@/lib/server/witnesses/list-witnesses';
import { openTestLog, runDue } from '@/lib/server/witnesses/testing/witness-fixture';
import { startDemoWitnesses } from './start-demo-witnesses';

await startTestConsole();
const log = await openTestLog('bank');
const dataDirectory = mkdtempSync(join(tmpdir(), 'countersign-demo-witnesses-'));
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

const changes = async () =>
  (await getPool().query("SELECT 1 FROM records WHERE kind IN ('witness.changed', 'trust.changed')"))
    .rowCount;

async function isGone(pidFile: string): Promise<boolean> {
  return !existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '';
}

describe('the demo’s witnesses', () => {
  it('are two real ones, told apart, labelled, and found again by the next start', async () => {
    const first = await startDemoWitnesses({ dataDirectory, everySeconds: 0 });
    try {
      await log.publish();
      expect(await runDue()).toEqual(['complete', 'complete']);
      const witnesses = await listWitnesses();
      expect(witnesses.map(({ name, type, demo, state }) => [name, type, demo, state])).toEqual([
        ['demo-time-stamping', 'rfc3161', true, 'ok'],
        ['demo-witness', 'c2sp', true, 'ok'],
      ]);
      expect(witnesses.map(({ latest }) => latest?.verdict)).toEqual(['valid', 'valid']);
      expect((await getCoverage()).sizes).toHaveLength(2);
    } finally {
      await first.stop();
    }
    expect(await isGone(join(dataDirectory, 'witnesses/c2sp/up.pid'))).toBe(true);
    const recorded = await changes();
    expect(recorded).toBe(4);
    const size = await log.publish();
    expect(await runDue()).toEqual(['failed', 'failed']);
    const second = await startDemoWitnesses({ dataDirectory, everySeconds: 0 });
    try {
      expect(await runDue({ nowMs: Date.now() + 600_000 })).toEqual(['complete', 'complete']);
      expect((await getCoverage()).sizes).toEqual([size, size]);
      expect(await changes()).toBe(recorded);
    } finally {
      await second.stop();
    }
  });
});
