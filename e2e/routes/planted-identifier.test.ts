import { expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { getPool } from '@/lib/server/database/pool';
import { signInAs } from '@/lib/server/testing/sign-in-as';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { captureLog, readAnswer } from './answers';
import { callRoute, loadRoutes } from './call-route';
import { ORIGIN, signedRequest } from './machine-rows';
import { createWorld } from './world';

const { owner } = await startTestConsole();
const routes = await loadRoutes();
const { bank } = await createWorld();
const log = captureLog();

/** Recognisable in any spelling, and in the encodings in which bytes usually lie about. */
const DIGITS = '77053311';
const PLANTED = `MRN-${DIGITS}`;
const TRACES = [
  DIGITS,
  Buffer.from(DIGITS).toString('hex'),
  Buffer.from(DIGITS).toString('base64').replace(/=+$/, ''),
];
const because = { purpose: 'complaint', caseRef: 'CASE-1' };

async function asMachine(body: unknown) {
  const request = signedRequest({
    method: 'POST',
    path: '/api/v1/vault/tokens',
    body: utf8(JSON.stringify(body)),
    signer: bank.pipeline,
  });
  return readAnswer(await callRoute(routes, request));
}

async function asPerson(
  role: 'compliance' | 'data_protection' | 'auditor' | 'admin',
  path: string,
  body: unknown,
) {
  const request = new Request(`${ORIGIN}${path}`, {
    method: body === null ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...(await signInAs(bank.members[role].id)) },
    ...(body === null ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return readAnswer(await callRoute(routes, request));
}

const expectNoTrace = (text: string, where: string) => {
  for (const trace of TRACES) expect(text, where).not.toContain(trace);
};

it('an identifier that went through the vault, well-formed and not, is in no answer but the one that was granted', async () => {
  const good = await asMachine({ items: [{ type: 'mrn', identifier: PLANTED }] });
  const token = (JSON.parse(good.text) as { tokens: string[] }).tokens[0] as string;
  const answers = [
    good,
    await asMachine({ items: [{ type: 'iban', identifier: PLANTED }] }),
    await asMachine({ items: [{ type: PLANTED, identifier: 'x' }] }),
    await asMachine({ items: [{ type: 'mrn', identifier: PLANTED, [PLANTED]: 1 }] }),
    await asPerson('compliance', '/api/v1/vault/find', { type: 'mrn', identifier: PLANTED, ...because }),
    await asPerson('compliance', '/api/v1/vault/find', { type: 'iban', identifier: PLANTED, ...because }),
    await asPerson('compliance', '/api/v1/vault/find', {
      type: 'mrn',
      identifier: PLANTED,
      purpose: PLANTED,
      caseRef: 'CASE-1',
    }),
    await asPerson('compliance', '/api/v1/vault/find', {
      type: 'mrn',
      identifier: PLANTED,
      purpose: 'complaint',
      caseRef: PLANTED,
    }),
    await asPerson('compliance', '/api/v1/vault/find', `{"identifier":"${PLANTED}"`),
    await asPerson('auditor', '/api/v1/vault/find', { type: 'mrn', identifier: PLANTED, ...because }),
    await asPerson('admin', '/api/v1/vault/find', { type: 'mrn', identifier: PLANTED, ...because }),
    await asPerson('compliance', '/api/v1/vault/reveal', { token: PLANTED, ...because }),
    await asPerson('data_protection', '/api/v1/vault', null),
    await asPerson('data_protection', '/api/v1/vault/looks', null),
    await asPerson('compliance', `/api/v1/decisions?q=subject:${token}`, null),
  ];
  for (const [at, answer] of answers.entries()) expectNoTrace(answer.text, `answer ${at}`);
  const waiting = await asPerson('compliance', '/api/v1/vault/reveal', { token, ...because });
  const { request } = JSON.parse(waiting.text) as { request: string };
  await asPerson('data_protection', `/api/v1/vault/requests/${request}/decide`, { decision: 'grant' });
  const told = await asPerson('compliance', `/api/v1/vault/requests/${request}/take`, {});
  expect(JSON.parse(told.text)).toMatchObject({ status: 'revealed', identifier: DIGITS });
  expect(told.headers.get('cache-control')).toContain('no-store');
});

it('nor when the database fails under it', async () => {
  await owner.query('REVOKE INSERT ON records FROM countersign_app');
  try {
    const failed = [
      await asPerson('compliance', '/api/v1/vault/find', { type: 'mrn', identifier: PLANTED, ...because }),
      await asMachine({ items: [{ type: 'mrn', identifier: `${PLANTED}-2` }] }),
    ];
    for (const answer of failed) {
      expect(answer.status).toBe(500);
      expectNoTrace(answer.text, 'failure');
    }
  } finally {
    await owner.query('GRANT INSERT ON records TO countersign_app');
  }
});

it('and in no log line, no signed record and no row of any table', async () => {
  expectNoTrace(log.join('\n'), 'log');
  const { rows } = await getPool().query<{ envelope: Buffer }>('SELECT envelope FROM records');
  for (const { envelope } of rows) {
    const { payload } = JSON.parse(envelope.toString()) as { payload: string };
    expectNoTrace(Buffer.from(payload, 'base64').toString(), 'record');
  }
  const tables = await owner.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  for (const { name } of tables.rows) {
    const found = await owner.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
    for (const { text } of found.rows) expectNoTrace(text, name);
  }
});
