import { verifyCer as verifyWithPackage } from '@nexart/ai-execution';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { concatBytes, decodeUtf8, utf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { formatInstant } from '@/lib/core/instant';
import { buildBundle, bytesOf } from '@/lib/evidence/cer/testing/build-cer';
import { verifyCer } from '@/lib/evidence/cer/verify-cer';
import { openEvidencePackage } from '@/lib/evidence/package/open-package';
import { verifyEvidencePackage } from '@/lib/evidence/package/verify-package';
import type { Role } from '@/lib/identity/role';
import type { Viewer } from '@/lib/identity/viewer';
import { actionDigest } from '@/lib/tokens/action';
import { getPool } from '../database/pool';
import {
  createOrganisation,
  largePayment,
  recordsOf,
  submitPayment,
  T0,
  type TestOrganisation,
} from '../escalations/testing/escalation-fixture';
import { exportEvidence } from '../evidence/export-evidence';
import { publishConsoleKeys } from '../health/publish-console-keys';
import { openLog } from '../log/open-log';
import { sequence } from '../log/sequence';
import { receivePayload } from '../payloads/receive-payload';
import { newId, newRandomBytes, newSubjectToken } from '../random';
import { ingestRecords } from '../records/ingest';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, type TestProducer, testDecisionBody } from '../testing/test-producer';
import { exportCer } from './export-cer';

await startTestConsole();
const NOW = { nowMs: T0 + 60_000 };
let bank: TestOrganisation;
let agent: TestProducer;

type Body = Record<string, Record<string, unknown>>;

beforeAll(async () => {
  await publishConsoleKeys();
  await openLog();
  bank = await createOrganisation();
  agent = await createTestProducer(bank.tenant);
});

function viewerOf(roles: Role[], tenantId = bank.tenant): Viewer {
  const tenant = { id: tenantId, name: tenantId, demo: false };
  const person = { id: 'per_compliance', name: 'Asha Rao', email: 'a@example.org' };
  return { person, tenant, tenants: [tenant], roles, demo: false };
}

/** A decision with a model that states what a certificate must, changed as told. */
async function decide(change: (body: Body) => void = () => {}): Promise<string> {
  const body = testDecisionBody() as Body;
  body.model = { ...body.model, parameters: { temperature: '0.2', max_tokens: 512, seed: 7 } };
  change(body);
  const id = newId('dec');
  const [result] = await ingestRecords(null, [agent.record({ id, occurred_at: formatInstant(T0), body })]);
  expect(result).toMatchObject({ status: 'accepted' });
  return id;
}

async function keep(content: Uint8Array, mediaType: string) {
  const caller = {
    producerId: agent.id,
    tenant: bank.tenant,
    kind: 'agent',
    keyid: agent.keyid,
    publicKey: agent.seed,
  };
  const { receipt } = await receivePayload(caller, {
    subject: newSubjectToken(),
    media_type: mediaType,
    salt: formatBase64(newRandomBytes(32)),
    content: formatBase64(content),
  });
  const { ref, digest, byte_count } = receipt;
  return { ref, digest, media_type: mediaType, byte_count };
}

const request = (decision: string) => ({
  decision,
  purpose: 'regulator-request' as const,
  caseReference: 'FI-7',
});
const exported = (decision: string, roles: Role[] = ['compliance']) =>
  exportCer(viewerOf(roles), request(decision), NOW);

function parse(bytes: Uint8Array) {
  const text = decodeUtf8(bytes);
  return JSON.parse(text.ok ? text.value : '') as Parameters<typeof verifyWithPackage>[0];
}

describe('a decision whose input and output are held', () => {
  const handOver = () =>
    decideWith(utf8('Is claim C-1 covered?'), 'text/plain', utf8('{"verdict":"pay","amount":49.9}'));
  async function decideWith(
    input: Uint8Array,
    inputType: string,
    output: Uint8Array,
    outputType = 'application/json',
  ) {
    const [went, came] = [await keep(input, inputType), await keep(output, outputType)];
    return decide((body) => {
      body.input = went;
      body.output = { ...body.output, payload: came };
    });
  }

  test('becomes a record that NexArt’s own package accepts, the same every time', async () => {
    const decision = await handOver();
    const { bytes, fileName } = await exported(decision);
    const bundle = parse(bytes);
    expect(verifyWithPackage(bundle)).toEqual({ ok: true, errors: [] });
    expect((await verifyCer(bytes, [])).verdict).toBe('valid');
    expect(bundle.snapshot).toMatchObject({
      executionId: decision,
      timestamp: formatInstant(T0),
      provider: 'anthropic',
      model: 'claude',
      parameters: { temperature: 0.2, maxTokens: 512, topP: null, seed: 7 },
      input: 'Is claim C-1 covered?',
      output: { verdict: 'pay', amount: 49.9 },
      appId: 'payments-agent',
    });
    expect(bundle.snapshot.prompt).toContain('[Not held as text: template transfer, version 7');
    expect(fileName).toBe(`${decision}.cer.json`);
    expect((await exported(decision)).bytes).toEqual(bytes);
  });

  test('is recorded with what was disclosed, and without any of it', async () => {
    const decision = await handOver();
    const { id } = await exported(decision);
    const record = (await recordsOf(bank.tenant, 'verification')).find((one) => one.id === id);
    expect(record?.body).toMatchObject({
      event: 'cer.exported',
      decision_id: decision,
      person: 'per_compliance',
      purpose: 'regulator-request',
      case_reference: 'FI-7',
    });
    const reads = (await recordsOf(bank.tenant, 'payload.read')).filter(
      ({ body }) => (body as { export_id?: string }).export_id === id,
    );
    expect(reads).toHaveLength(1);
    expect(reads[0]?.body).toMatchObject({ payloads: [{}, {}] });
    expect(JSON.stringify([record, reads])).not.toMatch(/C-1|pay"|Asha/);
  });

  test('is for nobody who may not read payloads, and nothing is recorded of it', async () => {
    const decision = await handOver();
    const before = (await recordsOf(bank.tenant, 'payload.read')).length;
    for (const roles of [['auditor'], ['reviewer'], ['admin'], ['admin', 'compliance']] satisfies Role[][])
      await expect(exported(decision, roles)).rejects.toMatchObject({
        code: 'role_required',
        detail: expect.stringContaining('hashes alone does not exist'),
      });
    await expect(
      exportCer(viewerOf(['compliance'], 'elsewhere'), request(decision), NOW),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await recordsOf(bank.tenant, 'payload.read')).length).toBe(before);
  });

  test('whose content is not the one that was signed is not told', async () => {
    const other = await keep(utf8('something else'), 'text/plain');
    const own = await keep(utf8('the output'), 'text/plain');
    const decision = await decide((body) => {
      body.input = { ...other, digest: own.digest };
      body.output = { ...body.output, payload: own };
    });
    await expect(exported(decision)).rejects.toMatchObject({
      code: 'cer_unavailable',
      detail: expect.stringContaining('went into'),
    });
  });

  it.each<[string, Uint8Array, string]>([
    ['an image', Uint8Array.of(0x89, 0x50), 'image/png'],
    ['text that is none', Uint8Array.of(0xff, 0xfe), 'text/plain'],
  ])('that is %s cannot be told', async (_, input, type) => {
    const decision = await decideWith(input, type, utf8('x'), 'text/plain');
    await expect(exported(decision)).rejects.toMatchObject({
      detail: expect.stringContaining('neither text nor JSON'),
    });
  });
});

describe('a decision that says too little', () => {
  it.each<[string, (body: Body) => void, string]>([
    ['no model', (body) => delete body.model, 'names no model'],
    [
      'no max_tokens',
      (body) => Object.assign(body.model as object, { parameters: { temperature: '0' } }),
      'max_tokens',
    ],
    [
      'a temperature in words',
      (body) => Object.assign(body.model as object, { parameters: { temperature: 'low', max_tokens: 5 } }),
      'temperature',
    ],
    ['contents that were never handed over', () => {}, 'does not hold what went into'],
  ])('with %s is refused in words, and nothing is recorded', async (_, change, words) => {
    const decision = await decide(change);
    const before = (await recordsOf(bank.tenant, 'verification')).length;
    await expect(exported(decision)).rejects.toMatchObject({
      code: 'cer_unavailable',
      detail: expect.stringContaining(words),
    });
    expect((await recordsOf(bank.tenant, 'verification')).length).toBe(before);
  });
});

test('an escalated decision tells what was submitted for review: the evidence for its input, the action for its output', async () => {
  const action = largePayment();
  const decision = await decide((body) => {
    const output = body.output as Body;
    output.action = { ...output.action, name: action.action.name, action_digest: actionDigest(action) };
    output.outcome = {
      verdict: 'escalate',
      source: 'gateway',
      control: 'threshold',
      rule: 'large',
      reason_code: 'amount_above',
    };
    body.identity = { ...body.identity, principal: action.context.principal };
  });
  const evidence = { agentSaid: 'The invoice is due.', retrieved: [], guardrails: [] };
  await submitPayment(bank, action, { decision_id: decision, evidence });
  const bundle = parse((await exported(decision)).bytes);
  expect(verifyWithPackage(bundle)).toEqual({ ok: true, errors: [] });
  expect(bundle.snapshot.input).toMatchObject({ agentSaid: 'The invoice is due.' });
  expect(bundle.snapshot.output).toMatchObject({ action: { name: action.action.name } });
});

describe('a decision that was imported', () => {
  async function imported(file: Uint8Array, certificateHash: string): Promise<string> {
    const payload = await keep(file, 'application/json');
    return decide((body) => {
      body.output = { ...body.output, payload };
      (body as Record<string, unknown>).downstream = [{ system: 'nexart', type: 'cer', id: certificateHash }];
    });
  }

  test('gives back the very bytes that arrived', async () => {
    const bundle = buildBundle();
    const file = utf8(JSON.stringify(bundle, null, 7));
    const decision = await imported(file, bundle.certificateHash);
    const { bytes } = await exported(decision);
    expect(bytes).toEqual(file);
    expect(verifyWithPackage(parse(bytes)).ok).toBe(true);
  });

  test('is checked by its own rules in an evidence package, with everything switched off', async () => {
    const bundle = buildBundle({ executionId: 'exec-7' });
    const decision = await imported(bytesOf(bundle), bundle.certificateHash);
    await sequence({ force: true });
    const lineOf = async (payloads: boolean) => {
      const scope = { kind: 'decision', decision } as const;
      const { pieces } = await exportEvidence(
        viewerOf(['compliance']),
        { scope, purpose: 'internal-audit', caseReference: null, recipient: null, payloads },
        NOW,
      );
      const parts: Uint8Array[] = [];
      for await (const piece of pieces) parts.push(piece);
      const opened = await openEvidencePackage(concatBytes(...parts));
      if (!opened.ok) throw new Error(opened.code);
      const options = { clock: () => 0, nowMs: NOW.nowMs };
      const { decisions } = await verifyEvidencePackage(opened.value, opened.value.offered.roots, options);
      return decisions[0]?.checks.find(({ id }) => id === 'cer.imported');
    };
    expect(await lineOf(true)).toMatchObject({ verdict: 'valid', key: bundle.certificateHash });
    expect(await lineOf(false)).toMatchObject({ verdict: 'not-checked' });
  });

  test('out of a package gives back its record alone', async () => {
    const bundle = buildBundle();
    const decision = await imported(bytesOf({ cer: bundle }), bundle.certificateHash);
    expect(parse((await exported(decision)).bytes)).toEqual(JSON.parse(JSON.stringify(bundle)));
  });

  test('whose file is of another certificate, or gone, gives back nothing', async () => {
    const other = await imported(bytesOf(buildBundle()), `sha256:${'0'.repeat(64)}`);
    await expect(exported(other)).rejects.toMatchObject({ code: 'cer_unavailable' });
    const bundle = buildBundle({ executionId: 'exec-9' });
    const gone = await imported(bytesOf(bundle), bundle.certificateHash);
    await getPool().query('DELETE FROM payloads');
    await expect(exported(gone)).rejects.toMatchObject({ code: 'cer_unavailable' });
  });
});
