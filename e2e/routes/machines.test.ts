import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { listHandlers } from '@/lib/cli/architecture/route-guards';
import { listSources } from '@/lib/cli/architecture/source-file';
import { utf8 } from '@/lib/core/bytes';
import { formatContentDigest } from '@/lib/core/http-signature';
import type { ErrorCode } from '@/lib/server/errors';
import { disableProducer } from '@/lib/server/producers/disable-producer';
import { retireProducerKey } from '@/lib/server/producers/retire-producer-key';
import { newId } from '@/lib/server/random';
import { signInAs } from '@/lib/server/testing/sign-in-as';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer } from '@/lib/server/testing/test-producer';
import { type Answer, captureLog, expectNoLeak, outcomeOf, readAnswer } from './answers';
import { callRoute, loadRoutes } from './call-route';
import { countRows } from './count-rows';
import {
  type Forgery,
  MACHINE_ROWS,
  type MachineNames,
  type MachineRow,
  ORIGIN,
  rowRequest,
  signedRequest,
} from './machine-rows';
import { createWorld, type Organisation } from './world';

const { owner } = await startTestConsole();
const routes = await loadRoutes();
const { bank, clinic } = await createWorld();
const retired = await createTestProducer(bank.tenant, { kind: 'gateway' });
await retireProducerKey({ tenant: bank.tenant, producer: retired.id, keyid: retired.keyid, by: 'test' });
const disabled = await createTestProducer(bank.tenant, { kind: 'gateway' });
await disableProducer({ tenant: bank.tenant, producer: disabled.id, by: 'test' });
const log = captureLog();

const send = async (request: Request): Promise<Answer> => readAnswer(await callRoute(routes, request));
const title = (row: MachineRow) => `${row.method} ${row.route}`;
const rows = MACHINE_ROWS.map((row) => [title(row), row] as const);
const namesIn = ({ pending, approval }: Organisation): MachineNames => ({
  task: pending,
  approval: approval.id,
  token: approval.token,
});
const asGateway = { organisation: bank, signer: bank.gateway };
const nowS = () => Math.floor(Date.now() / 1000);
const stranger = () => new Uint8Array(randomBytes(32));
const other = utf8('{"state":"not_forwarded"}');

const toOtherHost = (url: string) => url.replace('console.test', 'other.test');

/** Every way to be somebody else, or to say something else, than what was signed. */
const FORGERIES: [name: string, code: ErrorCode, forgery: () => Forgery, onlyWithBody?: boolean][] = [
  [
    'unsigned',
    'signature_missing',
    () => ({ headers: () => ({ signature: null, 'signature-input': null }) }),
  ],
  ['without its input', 'signature_missing', () => ({ headers: () => ({ 'signature-input': null }) })],
  ['with an empty signature', 'signature_invalid', () => ({ headers: () => ({ signature: 'sig=::' }) })],
  [
    'with two signatures',
    'signature_invalid',
    () => ({ headers: ({ signature }) => ({ signature: `${signature}, ${signature}` }) }),
  ],
  [
    'by a wrong key',
    'signature_invalid',
    () => ({ signer: { keyid: bank.gateway.keyid, seed: stranger() } }),
  ],
  [
    "by another organisation's key under ours",
    'signature_invalid',
    () => ({ signer: { keyid: bank.gateway.keyid, seed: clinic.gateway.seed } }),
  ],
  ['by an unknown key', 'key_unknown', () => ({ signer: { keyid: 'nobody', seed: stranger() } })],
  ['by a retired key', 'key_retired', () => ({ signer: retired })],
  ['by a disabled producer', 'producer_disabled', () => ({ signer: disabled })],
  ['stale', 'signature_expired', () => ({ createdS: nowS() - 120 })],
  ['from the future', 'signature_expired', () => ({ createdS: nowS() + 120 })],
  ['for another host', 'signature_invalid', () => ({ signedUrl: toOtherHost })],
  ['for another scheme', 'signature_invalid', () => ({ signedUrl: (url) => url.replace('http:', 'https:') })],
  ['for another path', 'signature_invalid', () => ({ signedUrl: (url) => `${url}/x` })],
  ['for another query', 'signature_invalid', () => ({ signedUrl: (url) => `${url}?a=1` })],
  [
    'for another host, and under that host’s name',
    'signature_invalid',
    () => ({ signedUrl: toOtherHost, sentUrl: toOtherHost }),
  ],
  ['with a query that was not signed', 'signature_invalid', () => ({ sentUrl: (url) => `${url}?wait=1` })],
  ['for another method', 'signature_invalid', () => ({ signedMethod: 'DELETE' })],
  ['of another body', 'content_digest_mismatch', () => ({ signedBody: other }), true],
  [
    'with its body’s digest left out',
    'content_digest_mismatch',
    () => ({ headers: () => ({ 'content-digest': null }) }),
    true,
  ],
  [
    'with the digest of another body',
    'content_digest_mismatch',
    () => ({ headers: () => ({ 'content-digest': formatContentDigest(other) }) }),
    true,
  ],
  [
    'in a header that was tampered with',
    'signature_invalid',
    () => ({
      headers: (signed) => ({
        'signature-input': signed['signature-input']?.replace(/created=\d+/, `created=${nowS() + 5}`) ?? null,
      }),
    }),
  ],
];

describe('a request that is not what was signed', () => {
  it.each(rows)('%s', async (_name, row) => {
    const before = await countRows(owner);
    for (const [name, code, forgery, onlyWithBody] of FORGERIES) {
      if (onlyWithBody && row.method === 'GET') continue;
      const answer = await send(rowRequest(row, namesIn(bank), asGateway, forgery()));
      expect(outcomeOf(answer), name).toBe(code);
      expect(answer.headers.get('cache-control')).toContain('no-store');
      expectNoLeak(answer, clinic);
      expectNoLeak(answer, bank);
    }
    expect(await countRows(owner)).toEqual(before);
  });

  it.each(rows)('%s: the same twice, and under another address, is a replay', async (_name, row) => {
    const nonce = randomBytes(16).toString('hex');
    const named = { ...namesIn(bank), task: newId('esc'), approval: newId('apr') };
    const first = await send(rowRequest(row, named, asGateway, { nonce }));
    expect(first.code).not.toBe('signature_replayed');
    const before = await countRows(owner);
    expect(outcomeOf(await send(rowRequest(row, named, asGateway, { nonce })))).toBe('signature_replayed');
    const elsewhere = { ...named, task: newId('esc'), approval: newId('apr') };
    expect(outcomeOf(await send(rowRequest(row, elsewhere, asGateway, { nonce })))).toBe(
      'signature_replayed',
    );
    expect(await countRows(owner)).toEqual(before);
  });

  it('of twelve copies that arrive together, one is the first', async () => {
    const row = MACHINE_ROWS[2] as MachineRow;
    const nonce = randomBytes(16).toString('hex');
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => send(rowRequest(row, namesIn(bank), asGateway, { nonce }))),
    );
    expect(answers.filter(({ code }) => code === null)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'signature_replayed')).toHaveLength(11);
  });

  it('is never let in by a person’s session', async () => {
    for (const row of MACHINE_ROWS) {
      const session = await signInAs(bank.members.admin.id);
      const forgery: Forgery = { headers: () => ({ signature: null, 'signature-input': null, ...session }) };
      expect(outcomeOf(await send(rowRequest(row, namesIn(bank), asGateway, forgery))), title(row)).toBe(
        'signature_missing',
      );
    }
  });
});

describe("somebody else's task or approval", () => {
  const naming = MACHINE_ROWS.filter(({ foreign }) => foreign !== undefined).map(
    (row) => [title(row), row] as const,
  );

  it.each(naming)('%s answers as if it did not exist', async (_name, row) => {
    const nothing: MachineNames = { ...namesIn(clinic), task: newId('esc'), approval: newId('apr') };
    const foreign = await send(
      rowRequest(row, namesIn(clinic), { organisation: clinic, signer: bank.gateway }),
    );
    const none = await send(rowRequest(row, nothing, { organisation: clinic, signer: bank.gateway }));
    expect(outcomeOf(foreign)).toBe(row.foreign);
    expect([foreign.status, foreign.text, [...foreign.headers]]).toEqual([
      none.status,
      none.text,
      [...none.headers],
    ]);
    expectNoLeak(foreign, clinic);
  });

  it('a task of another gateway of the same organisation does not exist either', async () => {
    for (const row of MACHINE_ROWS.filter(({ foreign }) => foreign === 'task_unknown')) {
      const answer = await send(
        rowRequest(row, namesIn(bank), { organisation: bank, signer: bank.otherGateway }),
      );
      expect(outcomeOf(answer), title(row)).toBe('task_unknown');
    }
  });

  it('an approval of another gateway cannot be spent or reported on', async () => {
    const codes: Record<string, unknown> = {};
    for (const row of MACHINE_ROWS.filter(({ foreign }) => foreign === 'unknown_approval'))
      codes[title(row)] = outcomeOf(
        await send(rowRequest(row, namesIn(bank), { organisation: bank, signer: bank.otherGateway })),
      );
    expect(codes).toEqual({
      'POST access/v1/approvals/[approvalId]/redeem': 'audience_mismatch',
      'POST access/v1/approvals/[approvalId]/outcome': 'unknown_approval',
    });
  });

  it.each(rows)('%s: a pipeline may only record', async (_name, row) => {
    const answer = await send(rowRequest(row, namesIn(bank), { organisation: bank, signer: bank.pipeline }));
    expect(outcomeOf(answer)).toBe(row.pipeline);
  });

  it('tells nothing about its token, asked through the decision point', async () => {
    const ask = (approval: string) =>
      send(
        signedRequest({
          method: 'POST',
          path: '/access/v1/evaluation',
          body: utf8(
            JSON.stringify({
              ...clinic.approval.action,
              context: { ...clinic.approval.action.context, approval },
            }),
          ),
          signer: bank.gateway,
        }),
      );
    const foreign = await ask(clinic.approval.token);
    expect(JSON.parse(foreign.text)).toMatchObject({ decision: false });
    expectNoLeak(foreign, clinic);
  });
});

describe('records', () => {
  const post = (body: Uint8Array, type = 'application/vnd.dsse+json') =>
    send(
      new Request(`${ORIGIN}/api/v1/records`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: new Uint8Array(body),
      }),
    );
  const { gateway } = bank;
  const forged = (payload: Record<string, unknown>) =>
    gateway.sign({ ...gateway.payload(), seq: 1, ...payload });
  const mine = () => gateway.payload();

  const ROWS: [name: string, code: ErrorCode, bytes: () => Uint8Array][] = [
    [
      'by an unknown key',
      'key_unknown',
      () => replaceIn(gateway.sign(mine()), gateway.keyid, 'A'.repeat(43)),
    ],
    [
      "under another organisation's key",
      'signature_invalid',
      () => replaceIn(gateway.sign(mine()), gateway.keyid, clinic.gateway.keyid),
    ],
    ['by a retired key', 'key_retired', () => retired.record()],
    ['by a disabled producer', 'producer_disabled', () => disabled.record()],
    [
      'of another producer',
      'producer_unknown',
      () => forged({ producer: clinic.gateway.id, stream: clinic.gateway.id }),
    ],
    ["into another producer's stream", 'stream_foreign', () => forged({ stream: clinic.gateway.id })],
    ["into the console's journal", 'stream_foreign', () => forged({ stream: `console/${bank.tenant}` })],
    ['that only the console may write', 'record_kind_reserved', () => forged({ kind: 'approval.issued' })],
    ['from the future', 'occurred_in_future', () => forged({ occurred_at: '2099-01-01T00:00:00.000Z' })],
    ['whose counter was used', 'sequence_reused', () => forged({})],
  ];

  it.each(ROWS)('%s are refused', async (_name, code, bytes) => {
    const { 'public.records': before } = await countRows(owner);
    const answer = await post(bytes());
    expect(outcomeOf(answer)).toBe(code);
    expectNoLeak(answer, clinic);
    const { 'public.records': after } = await countRows(owner);
    expect((after ?? 0) - (before ?? 0), 'a reused counter is an incident').toBe(
      code === 'sequence_reused' ? 1 : 0,
    );
  });

  it('answer each line by itself, and a bad neighbour takes nobody down', async () => {
    const good = await createTestProducer(bank.tenant);
    const lines = [good.record(), ...ROWS.slice(0, 6).map(([, , bytes]) => bytes()), good.record()];
    const answer = await post(
      Buffer.concat(lines.flatMap((line) => [line, utf8('\n')])),
      'application/x-ndjson',
    );
    const results = answer.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { status: string; code?: string });
    expect(results.map(({ status, code }) => code ?? status)).toEqual([
      'accepted',
      ...ROWS.slice(0, 6).map(([, code]) => code),
      'accepted',
    ]);
    expectNoLeak(answer, clinic);
  });
});

/** The same bytes with one text in place of another. */
function replaceIn(bytes: Uint8Array, from: string, to: string): Uint8Array {
  return utf8(Buffer.from(bytes).toString('utf8').replace(from, to));
}

describe('the matrix and the log', () => {
  it('has a row for every route that asks for a machine', () => {
    const asking = listSources(process.cwd())
      .filter(({ path }) => path.endsWith('/route.ts'))
      .flatMap(({ path, code }) =>
        listHandlers(code)
          .filter((handler) => handler.code.includes('requireProducer('))
          .map((handler) => `${handler.name} ${path.slice('app/'.length, -'/route.ts'.length)}`),
      );
    expect(asking.sort()).toEqual(MACHINE_ROWS.map(title).sort());
  });

  it('wrote nothing unexpected, nobody’s address and no token', () => {
    const text = log.join('\n');
    expect(text).not.toMatch(/unexpected error|append failed/);
    expect(text).not.toMatch(/[\w.-]+@[\w-]+\.\w+/);
    expect(text).not.toMatch(/eyJ[\w-]{10,}/);
  });
});
