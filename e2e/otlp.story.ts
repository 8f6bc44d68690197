import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHex } from '@/lib/core/encoding';
import { writeSecret } from '@/lib/server/keys/key-files';
import { expectAccessible } from './fixtures/expect-accessible';
import { expect, test } from './fixtures/story';
import type { ConsoleState } from './setup/console-state';

const ROOT = join(import.meta.dirname, '..');

/** `countersign otlp` in a process of its own, as north's agent on a stream of its own. */
async function startBridge(state: ConsoleState, directory: string) {
  const agent = state.agents.find(({ tenant }) => tenant === 'north');
  const seed = agent ? parseHex(agent.seed) : null;
  if (!agent || !seed?.ok) throw new Error('There is no agent in north.');
  writeSecret(directory, 'otlp.ed25519', seed.value);
  const config = join(directory, 'otlp.json');
  const stream = `otlp-${randomBytes(4).toString('hex')}`;
  writeFileSync(
    config,
    JSON.stringify({
      console: state.origin,
      producer: agent.id,
      directory,
      stream,
      port: 0,
      retrySeconds: 1,
    }),
  );
  const child = fork(join(ROOT, 'lib/cli/main.ts'), ['otlp', '--config', config], {
    cwd: ROOT,
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') },
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    producer: agent.id,
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

test('a trace leads from the tracing UI to its decision, which says that its source did not sign it, and back', async ({
  page,
  console: state,
  signInAs,
}, info) => {
  const traceId = randomBytes(16).toString('hex');
  const bridge = await startBridge(state, info.outputPath());
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.agent.id': 'refunds-agent',
    'gen_ai.agent.name': 'refunds-agent',
    'gen_ai.agent.version': '2.1.0',
    'gen_ai.tool.name': 'refund.create',
    'countersign.tier': 'bounded',
    'countersign.outcome': 'allow',
    'countersign.source': 'framework',
    'countersign.reason_code': 'within',
  };
  const span = {
    traceId,
    spanId: randomBytes(8).toString('hex'),
    endTimeUnixNano: `${Date.now()}000000`,
    attributes: [
      ...Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
      { key: 'countersign.audit', value: { boolValue: true } },
      { key: 'countersign.subjects', value: { arrayValue: {} } },
    ],
  };
  const answer = await fetch(`${bridge.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  expect(await answer.json()).toEqual({});
  await expect.poll(async () => (await (await fetch(`${bridge.url}/status`)).json()).waiting).toBe(0);
  await bridge.stop();

  await page.goto(`/traces/${traceId}`);
  await expect(page).toHaveURL(new RegExp(`/sign-in\\?callbackUrl=%2Ftraces%2F${traceId}`));
  await signInAs({ role: 'compliance' });
  await page.goto(`/traces/${traceId}`);
  await expect(page).toHaveURL(new RegExp(`/decisions\\?q=trace%3A${traceId}`));
  await expect(page.getByRole('link', { name: 'Open the trace in the tracing UI' })).toHaveAttribute(
    'href',
    `https://tracing.example/trace/${traceId}`,
  );
  await page.getByRole('link', { name: /refund\.create/ }).click();
  const words = `not signed at source: made from OpenTelemetry spans by ${bridge.producer}`;
  await expect(page.locator('.dhead').getByText(words)).toBeVisible();
  await expect(
    page.locator('.dhead').getByRole('link', { name: 'Open the trace in the tracing UI' }),
  ).toHaveAttribute('href', `https://tracing.example/trace/${traceId}`);
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath('decision.png') });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: info.outputPath('decision-390.png') });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('link', { name: 'Verification' }).click();
  await expect(page.getByText(words).last()).toBeVisible();
});
