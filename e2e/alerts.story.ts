import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { utf8 } from '@/lib/core/bytes';
import { parseBase64url } from '@/lib/core/encoding';
import {
  parseRequestSignature,
  verifyContentDigest,
  verifyRequestSignature,
} from '@/lib/core/http-signature';
import { formatId } from '@/lib/core/id';
import type { NewRecord } from '@/lib/gateway/record-sender';
import { expectAccessible } from './fixtures/expect-accessible';
import { newCustomer, required } from './fixtures/payment';
import { expect, test } from './fixtures/story';

type Told = { headers: IncomingMessage['headers']; text: string };

/** What somebody on call would run: it keeps every POST and answers 200. */
async function startPager(): Promise<{ url: string; told: Told[]; stop: () => void }> {
  const told: Told[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    told.push({ headers: request.headers, text: Buffer.concat(chunks).toString('utf8') });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/page`,
    told,
    stop: () => server.close(),
  };
}

function decisionOf(agent: string, verdict: 'allow' | 'refuse'): NewRecord {
  return {
    kind: 'decision',
    id: formatId('dec', Date.now(), new Uint8Array(randomBytes(10))),
    body: {
      identity: {
        agent: { id: agent, name: agent, version: '1.0.0' },
        principal: { type: 'customer', token: newCustomer() },
      },
      output: {
        action: { name: 'claim.settle', tier: 'bounded' },
        outcome: {
          verdict,
          source: 'gateway',
          ...(verdict === 'allow' ? {} : { control: 'threshold', rule: 'large-claim' }),
          reason_code: verdict === 'allow' ? 'within_perimeter' : 'above_threshold',
        },
      },
    },
  };
}

test('a rule is written by keyboard, traffic breaks it, people are told inside and outside, and it is over', async ({
  page,
  console: state,
  gateway,
  signInAs,
  openAs,
}) => {
  const agent = `claims-${randomBytes(4).toString('hex')}`;
  const rule = `refusals-of-${agent}`;
  const bank = await gateway();
  const record = async (verdict: 'allow' | 'refuse', count: number) => {
    const sent = await bank.recordMany(Array.from({ length: count }, () => decisionOf(agent, verdict)));
    for (const each of sent) required(each);
  };
  const pager = await startPager();
  try {
    await signInAs({ role: 'admin' });
    await page.goto('/settings/notifications');
    await page.getByRole('button', { name: 'Add a channel' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Kind').selectOption('webhook');
    await dialog.getByLabel('Name').fill(agent);
    await dialog.getByLabel('Address', { exact: true }).fill(pager.url);
    for (const box of await dialog.getByRole('group', { name: 'Tells of' }).getByRole('checkbox').all())
      await box.uncheck();
    await dialog.getByLabel('An alert of insights').check();
    await dialog.getByLabel('It may be at an address of this machine').check();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    const channel = page.getByRole('row').filter({ hasText: agent });
    await expect(channel).toContainText('1 kind');

    await page.goto('/settings/alerts');
    const { keyboard } = page;
    const fill = async (label: string, text: string) => {
      await expect(dialog.getByLabel(label)).toBeFocused();
      await keyboard.press('ControlOrMeta+a');
      await keyboard.type(text);
      await keyboard.press('Tab');
    };
    const pass = async (label: string) => {
      await expect(dialog.getByLabel(label, { exact: true })).toBeFocused();
      await keyboard.press('Tab');
    };
    await page.getByRole('button', { name: 'Add a rule' }).focus();
    await keyboard.press('Enter');
    await expect(dialog).toBeVisible();
    await expectAccessible(page);
    await dialog.getByLabel('Name').focus();
    await fill('Name', rule);
    await pass('Kind');
    await fill('Above, percent', '50');
    await fill('Of at least, decisions', '4');
    for (const choice of ['Over the last', 'Outcome', 'Control']) await pass(choice);
    await expect(dialog.getByLabel('Agent')).toBeFocused();
    await keyboard.type(agent);
    await keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    const line = page.getByRole('row').filter({ hasText: rule });
    await expect(line).toContainText(`More than 50% refused of ${agent} in the last 24 hours`);
    await expectAccessible(page);

    await record('refuse', 4);
    const officer = await openAs({ role: 'compliance' });
    const { page: desk } = officer;
    await desk.goto('/insights');
    const open = desk
      .getByRole('list', { name: 'Open alerts' })
      .getByRole('listitem')
      .filter({ hasText: rule });
    // Rules are asked three times a minute, and the page asks four times.
    await expect(open).toContainText('100.00 percent, bound 50, n = 4', { timeout: 90_000 });
    await expectAccessible(desk);
    await expect(desk.getByRole('banner').getByRole('link', { name: /^\d+ alerts?$/ })).toBeVisible();

    await expect.poll(() => pager.told.length, { timeout: 60_000 }).toBeGreaterThan(0);
    const notice = JSON.parse(pager.told[0]?.text ?? '') as Record<string, string>;
    expect(notice).toMatchObject({ kind: 'alert', rule });
    await expectSigned(pager.told[0] as Told, pager.url, state.origin);
    await desk.goto(notice.link ?? '');
    await expect(open).toHaveAttribute('aria-current', 'true');

    await record('allow', 12);
    await expect(open).toContainText('clear for now', { timeout: 90_000 });
    await page.getByRole('button', { name: `Turn off ${rule}` }).press('Enter');
    await expect(line).toContainText('off');
    await desk.reload();
    await desk.getByText(/closed of late$/).press('Enter');
    const closed = desk.getByRole('list', { name: 'Closed alerts' }).getByRole('listitem');
    await expect(closed.filter({ hasText: rule })).toContainText('its rule was changed');
    await expect(open).toHaveCount(0);
    // Said once, however often the rule was asked.
    expect(pager.told.filter(({ text }) => text.includes(rule))).toHaveLength(1);
  } finally {
    pager.stop();
  }
});

/** As the receiver checks it: against the key that the console publishes. */
async function expectSigned({ headers, text }: Told, targetUri: string, origin: string): Promise<void> {
  const { keys } = (await (await fetch(`${origin}/api/v1/proof`)).json()) as {
    keys: { keyid: string; purpose: string; publicKey: string }[];
  };
  const read = parseRequestSignature({
    signatureInput: String(headers['signature-input']),
    signature: String(headers.signature),
    hasBody: true,
  });
  if (!read.ok) throw new Error(read.code);
  const key = keys.find(({ keyid }) => keyid === read.value.keyid);
  expect(key?.purpose).toBe('mesh');
  const publicKey = parseBase64url(key?.publicKey ?? '');
  if (!publicKey.ok) throw new Error(publicKey.code);
  const contentDigest = String(headers['content-digest']);
  expect(verifyContentDigest(contentDigest, utf8(text)).ok).toBe(true);
  expect(
    verifyRequestSignature(read.value, {
      method: 'POST',
      targetUri,
      contentDigest,
      publicKey: publicKey.value,
    }),
  ).toBe(true);
}
