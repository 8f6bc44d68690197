import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ImportReport } from '@/lib/cli/import/import-report';
import { decodeUtf8 } from '@/lib/core/bytes';
import { parseBase64 } from '@/lib/core/encoding';
import { expectAccessible } from './fixtures/expect-accessible';
import { readRawBank } from './fixtures/raw-traces';
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

const searchPage = z.object({ rows: z.array(z.object({ id: z.string() })) });
const detail = z.object({ record: z.object({ envelope: z.string() }) });
const body = z.object({
  body: z.object({
    context: z.object({
      retrieval: z.object({ items: z.array(z.object({ id: z.string(), digest: z.string() })) }),
    }),
  }),
});

/** The retrieved items that a decision's own signed bytes name. */
function itemsOf(envelope: string): { id: string; digest: string }[] {
  const text = (base64: string) => {
    const bytes = parseBase64(base64);
    const decoded = bytes.ok ? decodeUtf8(bytes.value) : bytes;
    if (!decoded.ok) throw new Error('unreadable');
    return decoded.value;
  };
  const { payload } = JSON.parse(text(envelope)) as { payload: string };
  return body.parse(JSON.parse(text(payload))).body.context.retrieval.items;
}

test('real agent runs: every call is a record, no injected action runs without a person, the whole log verifies, and the page tells where an instruction came from', async ({
  page,
  context,
  database,
  console: state,
  signInAs,
}) => {
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

  const raw = readRawBank(TRACES);
  const auditor = await signInAs({ role: 'auditor' });
  const joined = await database.query<{ tenant: string }>(
    `INSERT INTO memberships (tenant, person, role, created_at)
     SELECT t.id, p.id, 'auditor', now() FROM tenants t, people p
      WHERE p.email = $1 AND t.id = (SELECT max(id) FROM tenants WHERE id LIKE 'traces-bank-%') RETURNING tenant`,
    [auditor.email],
  );
  const tenant = joined.rows[0]?.tenant ?? '';
  await context.addCookies([{ name: 'countersign-tenant', value: tenant, url: state.origin }]);

  const found = await page.request.get(
    '/api/v1/decisions?q=tool%3Asend_money%20outcome%3Aescalate&limit=200',
  );
  let transfer = '';
  for (const { id } of searchPage.parse(await found.json()).rows) {
    const { record } = detail.parse(await (await page.request.get(`/api/v1/decisions/${id}`)).json());
    const named = itemsOf(record.envelope).map(({ digest }) => digest);
    if (named.join() === raw.transfer.seen.map(({ digest }) => digest).join()) transfer = id;
  }
  await test.step('which retrieved item carried the instruction that led to this transfer', async () => {
    await page.goto(`/decisions/${transfer}`);
    await page.getByRole('button', { name: 'Look for instructions' }).click();
    const carrier = page.getByRole('listitem').filter({ hasText: raw.source.id });
    await expect(
      page.getByText(/carr(ies|y) an instruction that names what this action is aimed at/),
    ).toBeVisible();
    await expect(carrier.getByText('re-hashed here')).toBeVisible();
    await expect(carrier.getByText(`names ${raw.transfer.recipient}`)).toBeVisible();
    await expectAccessible(page);
    await carrier.getByRole('link', { name: 'What else did this touch?' }).click();
  });
  await test.step('which other decisions it touched', async () => {
    await expect(page).toHaveURL(new RegExp(encodeURIComponent(raw.source.digest)));
    const all = new RegExp(`of which ${raw.touched} (is a decision|are decisions)\\. This is all of it`);
    await expect(page.getByRole('status').filter({ hasText: all })).toBeVisible();
    await expect(page.getByText(`${raw.touched} of ${raw.touched} shown`)).toBeVisible();
    await expectAccessible(page);
  });
});
