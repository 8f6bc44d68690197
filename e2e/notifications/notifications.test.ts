/** Notices over real connections to servers of this machine: mail, Slack's shape, the signed webhook, the callback. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import {
  parseRequestSignature,
  verifyContentDigest,
  verifyRequestSignature,
} from '@/lib/core/http-signature';
import type { NotificationKind } from '@/lib/notifications/notification-kinds';
import { NOTIFICATION_KINDS } from '@/lib/notifications/notification-kinds';
import { getPool } from '@/lib/server/database/pool';
import { inTransaction } from '@/lib/server/database/transaction';
import { cancelEscalation } from '@/lib/server/escalations/cancel';
import {
  ANY,
  createOrganisation,
  recordsOf,
  submitPayment,
  T0,
  type TestOrganisation,
} from '@/lib/server/escalations/testing/escalation-fixture';
import { createPerson } from '@/lib/server/identity/create-person';
import { linkPerson } from '@/lib/server/identity/link-person';
import { getSigningKey } from '@/lib/server/keys/key-directory';
import { claimDelivery, LEASE_MS } from '@/lib/server/notifications/claim-delivery';
import { listChannels } from '@/lib/server/notifications/list-channels';
import { notify } from '@/lib/server/notifications/notify';
import { setPreferences } from '@/lib/server/notifications/preferences';
import { type DeliveryOutcome, runDelivery } from '@/lib/server/notifications/run-delivery';
import { scheduleNotices } from '@/lib/server/notifications/start-notifying';
import { testChannel } from '@/lib/server/notifications/test-channel';
import { addChannel, changeChannel } from '@/lib/server/notifications/write-channel';
import { claimEscalation } from '@/lib/server/reviews/claim';
import { LEASE_MS as CLAIM_MS } from '@/lib/server/reviews/lease';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { startSmtpSink } from './smtp-sink';

const { owner } = await startTestConsole();
const sink = await startSmtpSink();
afterAll(sink.stop);

interface Call {
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  text: string;
}

/** An endpoint that answers each call with the next of `answers`, then with 200; `null` answers never. */
async function startEndpoint(answers: (number | null)[] = []): Promise<{ url: string; calls: Call[] }> {
  const calls: Call[] = [];
  const server = createServer((request, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      calls.push({ headers: request.headers, text, body: JSON.parse(text) as Call['body'] });
      const answer = answers.length > 0 ? (answers.shift() ?? null) : 200;
      if (answer !== null) response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, calls };
}

const ALL = [...NOTIFICATION_KINDS];
const addMail = (tenant: string, kinds: NotificationKind[] = ALL) =>
  addChannel({
    tenant,
    name: 'mail',
    type: 'email',
    kinds,
    settings: { host: '127.0.0.1', port: sink.port, tls: 'none', from: 'console@example.org' },
    allowPrivate: true,
    by: 'test',
  });
const addHook = (tenant: string, url: string, allowPrivate = true) =>
  addChannel({
    tenant,
    name: 'hook',
    type: 'webhook',
    kinds: ALL,
    settings: { url },
    allowPrivate,
    by: 'test',
  });

/** Schedules and does whatever is due at `nowMs`. */
async function runDue(nowMs: number): Promise<DeliveryOutcome[]> {
  await scheduleNotices(nowMs);
  const outcomes: DeliveryOutcome[] = [];
  for (;;) {
    const delivery = await claimDelivery(nowMs);
    if (!delivery) return outcomes;
    const signal = new AbortController().signal;
    outcomes.push(await runDelivery(delivery, { signal, nowMs: () => nowMs, random: () => 0 }));
  }
}

const minutes = (count: number) => T0 + count * 60_000;
let org: TestOrganisation;
beforeEach(async () => {
  sink.mails.length = 0;
  await owner.query('DELETE FROM notifications');
  await owner.query('DELETE FROM notification_channels');
  await owner.query("UPDATE escalations SET state = 'cancelled', ended_at = now() WHERE state = 'pending'");
  org = await createOrganisation();
});

describe('a new escalation', () => {
  it('is told by mail to exactly those who may decide it, and says nothing it should not', async () => {
    await addMail(org.tenant);
    const may = await org.person(['reviewer']);
    await org.person(['compliance']);
    await org.person(['admin']);
    await org.person(['reviewer'], { ...ANY, maxTier: 'reversible' });
    const { id } = await submitPayment(org);
    expect(await runDue(T0)).toEqual(['sent']);
    const [mail] = sink.mails;
    expect(mail).toMatchObject({ from: 'console@example.org', to: [may.person.email] });
    const text = mail?.text ?? '';
    expect(text).toContain(`http://console.test/queue/${id}`);
    expect(text).toContain('Time left: 30 minutes');
    expect(text).toMatch(/^Message-ID: <dlv_[0-9a-f-]{36}@console\.test>$/im);
    for (const secret of ['18500', 'INR', 'acct-', may.person.name, 'tok_'])
      expect(text).not.toContain(secret);
    expect(await runDue(T0 + LEASE_MS)).toEqual([]);
  });

  it('is not told once it has ended, nor to somebody who has left', async () => {
    await addMail(org.tenant);
    const gone = await org.person(['reviewer']);
    const { id } = await submitPayment(org);
    await scheduleNotices(T0);
    await owner.query('DELETE FROM memberships WHERE person = $1', [gone.person.id]);
    expect(await runDue(T0)).toEqual(['moot']);
    await org.person(['reviewer']);
    const { id: second } = await submitPayment(org);
    await scheduleNotices(T0);
    await cancelEscalation(org.gateway, second, { nowMs: T0 });
    expect(await runDue(T0)).toEqual(['moot']);
    expect([sink.mails, id !== second]).toEqual([[], true]);
  });

  it('waits for the end of quiet hours, and leaves out the kinds somebody does not want', async () => {
    await addMail(org.tenant);
    const sleeping = await org.person(['reviewer']);
    const silent = await org.person(['reviewer']);
    await setPreferences(sleeping, { kinds: ALL, quiet: { from: 480, to: 550 }, timeZone: 'UTC' });
    await setPreferences(silent, { kinds: [], quiet: null, timeZone: 'Europe/Berlin' });
    await submitPayment(org);
    expect(await runDue(T0)).toEqual([]);
    expect(await runDue(minutes(10))).toEqual(['sent']);
    expect(sink.mails.map(({ to }) => to)).toEqual([[sleeping.person.email]]);
  });

  it('costs an organisation without channels no row', async () => {
    await submitPayment(org);
    const rows = await owner.query('SELECT 1 FROM notifications WHERE tenant = $1', [org.tenant]);
    expect(rows.rowCount).toBe(0);
  });
});

describe('a webhook', () => {
  it('that fails twice is tried again later each time, under one id, signed afresh', async () => {
    const endpoint = await startEndpoint([500, 503]);
    await addHook(org.tenant, endpoint.url);
    const { id } = await submitPayment(org);
    expect(await runDue(T0)).toEqual(['failed']);
    expect(await listChannels(org.tenant)).toMatchObject([
      { name: 'hook', state: 'failing', waiting: 1, lastError: 'endpoint_refused', lastSentAt: null },
    ]);
    expect(await runDue(T0 + 1_000)).toEqual([]);
    expect(await runDue(T0 + 5_000)).toEqual(['failed']);
    expect(await runDue(T0 + 60_000)).toEqual(['sent']);
    expect(await runDue(T0 + 3_600_000)).not.toContain('failed');
    const told = endpoint.calls.slice(0, 3);
    expect(new Set(told.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(new Set(told.map(({ headers }) => headers.signature)).size).toBe(3);
    for (const { headers, text, body } of told) {
      expect(body).toMatchObject({ id: headers['idempotency-key'], kind: 'escalation.new', ref: id });
      expect(Object.keys(body).sort()).toEqual(
        ['agent', 'created_at', 'expires_at', 'id', 'kind', 'link', 'ref', 'text', 'tier'].sort(),
      );
      expectSigned(headers, text, endpoint.url);
    }
  });

  it('is never sent to an address of this machine unless an administrator said so, nor where a redirect leads', async () => {
    const endpoint = await startEndpoint();
    await addHook(org.tenant, endpoint.url, false);
    await submitPayment(org);
    expect(await runDue(T0)).toEqual(['failed']);
    expect(endpoint.calls).toEqual([]);
    expect(await listChannels(org.tenant)).toMatchObject([{ lastError: 'endpoint_misconfigured' }]);
    const redirecting = await startEndpoint([307]);
    await changeChannel(
      {
        tenant: org.tenant,
        name: 'hook',
        settings: { url: redirecting.url },
        allowPrivate: true,
        by: 'test',
      },
      { nowMs: T0 },
    );
    expect(await runDue(T0)).toEqual(['failed']);
    expect(await listChannels(org.tenant)).toMatchObject([{ lastError: 'endpoint_refused' }]);
  });

  it('whose sender is killed between attempt and acknowledgement is called again with the same id', async () => {
    const endpoint = await startEndpoint([null]);
    await addHook(org.tenant, endpoint.url);
    await inTransaction((tx) =>
      notify(tx, {
        tenant: org.tenant,
        kind: 'alert',
        ref: 'alert-1',
        rule: 'refusals',
        path: '/insights',
        nowMs: Date.now(),
      }),
    );
    await scheduleNotices(Date.now());
    const child = spawn(process.execPath, ['--import', 'tsx', 'e2e/notifications/deliver-command.ts'], {
      env: process.env,
      stdio: 'ignore',
    });
    await expect.poll(() => endpoint.calls.length, { timeout: 25_000 }).toBe(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await claimDelivery(Date.now())).toBeNull();
    const again = await claimDelivery(Date.now() + LEASE_MS + 1);
    if (!again) throw new Error('the delivery is lost');
    expect(await runDelivery(again, { signal: new AbortController().signal })).toBe('sent');
    expect(endpoint.calls.map(({ body }) => body.id)).toEqual([again.message.id, again.message.id]);
  }, 60_000);

  it('is given up after a day, and the settings say so', async () => {
    const endpoint = await startEndpoint([500, 500]);
    await addHook(org.tenant, endpoint.url);
    await inTransaction((tx) =>
      notify(tx, { tenant: org.tenant, kind: 'break-glass', ref: 'bg-1', path: '/queue', nowMs: T0 }),
    );
    expect(await runDue(T0)).toEqual(['failed']);
    expect(await runDue(T0 + 25 * 3_600_000)).toEqual(['given_up']);
    expect(await listChannels(org.tenant)).toMatchObject([{ state: 'failing', waiting: 0, givenUp: 1 }]);
  });
});

describe('mail', () => {
  it('that the server does not take now is tried again; who asked for a test gets it', async () => {
    await addMail(org.tenant);
    const admin = await org.person(['admin']);
    sink.refuse(451, 1);
    await testChannel(admin, 'mail', { nowMs: T0 });
    expect(await runDue(T0)).toEqual(['failed']);
    expect(await listChannels(org.tenant)).toMatchObject([{ state: 'failing', lastError: 'endpoint_busy' }]);
    expect(await runDue(T0 + 60_000)).toEqual(['sent']);
    expect(sink.mails.map(({ to }) => to)).toEqual([[admin.person.email]]);
    expect(await listChannels(org.tenant)).toMatchObject([{ state: 'ok', waiting: 0 }]);
  });
});

it('Slack is told in plain text, and its address is kept sealed', async () => {
  const endpoint = await startEndpoint();
  await addChannel({
    tenant: org.tenant,
    name: 'slack',
    type: 'slack',
    kinds: ['alert'],
    settings: { url: endpoint.url },
    allowPrivate: true,
    by: 'test',
  });
  const stored = await getPool().query<{ settings: unknown; secrets: Buffer }>(
    'SELECT settings, secrets FROM notification_channels WHERE tenant = $1',
    [org.tenant],
  );
  expect(stored.rows[0]?.settings).toEqual({});
  expect(stored.rows[0]?.secrets.toString('latin1')).not.toContain('127.0.0.1');
  expect(await listChannels(org.tenant)).toMatchObject([{ settings: {}, secrets: ['url'] }]);
  await submitPayment(org);
  await inTransaction((tx) =>
    notify(tx, {
      tenant: org.tenant,
      kind: 'alert',
      ref: 'alert-2',
      rule: 'expiry',
      path: '/insights',
      nowMs: T0,
    }),
  );
  expect(await runDue(T0)).toEqual(['sent']);
  const blocks = endpoint.calls[0]?.body.blocks as { type: string; text?: { type: string; text: string } }[];
  expect(blocks[0]?.text).toMatchObject({
    type: 'plain_text',
    text: 'An alert of insights fired.\nRule: expiry',
  });
});

describe('what time makes due', () => {
  it('reminds once at each fraction of the wait, and tells of the expiry', async () => {
    const endpoint = await startEndpoint();
    await addHook(org.tenant, endpoint.url);
    await submitPayment(org);
    for (const minute of [0, 22, 23, 24, 29]) await runDue(minutes(minute));
    expect(endpoint.calls.map(({ body }) => body.kind)).toEqual(['escalation.new', 'escalation.reminder']);
    const { expireDue } = await import('@/lib/server/escalations/expire');
    await expireDue({ nowMs: minutes(31), tenant: org.tenant });
    await runDue(minutes(31));
    expect(endpoint.calls.at(-1)?.body.kind).toBe('escalation.expired');
  });

  it('takes a lapsed claim back and tells whoever had it', async () => {
    await addMail(org.tenant, ['claim.lapsed']);
    const holder = await org.person(['reviewer']);
    await org.person(['reviewer']);
    const { id } = await submitPayment(org);
    await claimEscalation(holder, id, { nowMs: T0 });
    expect(await runDue(T0 + CLAIM_MS - 1)).toEqual([]);
    expect(await runDue(T0 + CLAIM_MS)).toEqual(['sent']);
    expect(sink.mails.map(({ to }) => to)).toEqual([[holder.person.email]]);
    const row = await getPool().query('SELECT lease_person FROM escalations WHERE id = $1', [id]);
    expect(row.rows[0]).toEqual({ lease_person: null });
  });

  it('writes to the owners of an agent who asks for information of it', async () => {
    await addMail(org.tenant);
    const owns = await createPerson({
      tenant: org.tenant,
      email: `owner-${org.tenant}@example.org`,
      name: 'Owner',
      roles: ['compliance'],
    });
    await linkPerson({
      tenant: org.tenant,
      person: owns.id,
      kind: 'agent',
      value: 'agent-7',
      linkedBy: 'test',
    });
    const { id } = await submitPayment(org);
    await inTransaction((tx) =>
      notify(tx, {
        tenant: org.tenant,
        kind: 'information.requested',
        ref: id,
        agent: 'agent-7',
        path: `/queue/${id}`,
        nowMs: T0,
      }),
    );
    await runDue(T0);
    expect(sink.mails.map(({ to }) => to)).toContainEqual([`owner-${org.tenant}@example.org`]);
  });
});

it('every change of a channel is a record without its address', async () => {
  const endpoint = await startEndpoint();
  await addHook(org.tenant, endpoint.url);
  await expect(addHook(org.tenant, endpoint.url)).rejects.toMatchObject({ code: 'channel_exists' });
  await changeChannel({ tenant: org.tenant, name: 'hook', enabled: false, by: 'test' });
  await expect(
    changeChannel({ tenant: 'elsewhere', name: 'hook', enabled: true, by: 'test' }),
  ).rejects.toMatchObject({ code: 'channel_unknown' });
  const records = await recordsOf(org.tenant, 'channel.changed');
  expect(records.map(({ body }) => body.change)).toEqual(['added', 'disabled']);
  expect(JSON.stringify(records)).not.toContain('127.0.0.1');
  await submitPayment(org);
  expect(await runDue(T0)).toEqual([]);
});

function expectSigned(headers: IncomingHttpHeaders, text: string, url: string): void {
  const read = parseRequestSignature({
    signatureInput: headers['signature-input'] as string,
    signature: headers.signature as string,
    hasBody: true,
  });
  if (!read.ok) throw new Error(read.code);
  const { keyid, publicKey } = getSigningKey('mesh');
  expect(read.value).toMatchObject({ keyid, tag: 'countersign-webhook' });
  const contentDigest = headers['content-digest'] as string;
  expect(verifyContentDigest(contentDigest, utf8(text))).toEqual({ ok: true, value: true });
  expect(
    verifyRequestSignature(read.value, { method: 'POST', targetUri: url, contentDigest, publicKey }),
  ).toBe(true);
}
