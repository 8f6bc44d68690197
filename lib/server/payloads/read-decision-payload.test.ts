import { beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatBase64, parseBase64 } from '@/lib/core/encoding';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import type { Role } from '@/lib/identity/role';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { newId, newRandomBytes, newSubjectToken } from '../random';
import { ingestRecords } from '../records/ingest';
import { runRetention } from '../retention/run-retention';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant, testDecisionBody } from '../testing/test-producer';
import { listJournal, testViewer } from '../testing/test-vault';
import { decideRequest } from '../vault/decide-request';
import { makeRequest } from '../vault/make-request';
import { listDecisionContents } from './list-decision-contents';
import { readDecisionPayload } from './read-decision-payload';
import { receivePayload } from './receive-payload';

const { owner } = await startTestConsole();
const because = { purpose: 'complaint', caseRef: 'C-2026-7' } as const;
const officer = testViewer('bank', ['compliance']);
const auditor = testViewer('bank', ['auditor']);
const salt = newRandomBytes(32);
const content = '{"transfer":"to Asha Rao"}';
let id: string;
let ref: string;

beforeAll(async () => {
  await createTestTenant('bank');
  await createTestTenant('clinic');
  const producer = await createTestProducer('bank', { kind: 'pipeline' });
  const caller: ProducerCaller = {
    producerId: producer.id,
    tenant: 'bank',
    kind: 'pipeline',
    keyid: producer.keyid,
    publicKey: producer.seed,
  };
  const { receipt } = await receivePayload(caller, {
    subject: newSubjectToken(),
    media_type: 'application/json',
    salt: formatBase64(salt),
    content: formatBase64(utf8(content)),
  });
  ref = receipt.ref;
  id = newId('dec');
  const body = testDecisionBody();
  body.input = { ref, digest: receipt.digest, media_type: 'application/json', byte_count: content.length };
  const [result] = await ingestRecords(null, [producer.record({ id, body })]);
  expect(result?.status).toBe('accepted');
});

const reads = async () => (await listJournal('bank', ['payload.read'])).length;

describe('reading a content', () => {
  it('gives compliance salt and bytes to hash themselves, and is recorded with purpose and case', async () => {
    const payload = await readDecisionPayload(officer, id, { ref, ...because });
    const [given, bytes] = [parseBase64(payload.salt), parseBase64(payload.content)];
    if (!given.ok || !bytes.ok) throw new Error('base64');
    expect(bytes.value).toEqual(utf8(content));
    expect(formatDigest('sha3-512', sha3_512(concatBytes(given.value, bytes.value)))).toBe(payload.digest);
    const [record] = (await listJournal('bank', ['payload.read'])).slice(-1);
    expect(record?.body).toEqual({
      decision_id: id,
      person: officer.person.id,
      authority: 'compliance',
      purpose: 'complaint',
      case: 'C-2026-7',
      payloads: [{ ref, digest: payload.digest }],
    });
    expect(record?.text).not.toContain('Asha');
  });

  it.each<[string, Role[], 'yes' | 'ask' | 'no']>([
    ['an auditor without a grant', ['auditor'], 'ask'],
    ['data protection without a grant', ['data_protection'], 'ask'],
    ['a reviewer without its escalation', ['reviewer'], 'no'],
    ['a senior reviewer without its escalation', ['senior_reviewer'], 'no'],
    ['an administrator', ['admin'], 'no'],
    ['an administrator who is compliance as well', ['admin', 'compliance'], 'no'],
  ])('is not for %s, and nothing is recorded', async (_name, roles, reading) => {
    const viewer = testViewer('bank', roles);
    const before = await reads();
    expect((await listDecisionContents(viewer, id)).reading).toBe(reading);
    await expect(readDecisionPayload(viewer, id, { ref, ...because })).rejects.toMatchObject({
      code: 'role_required',
    });
    expect(await reads()).toBe(before);
  });

  it('is for an auditor while somebody’s grant for this very decision lasts', async () => {
    const asked = await makeRequest(auditor, { kind: 'payload', target: id, ...because });
    await expect(readDecisionPayload(auditor, id, { ref, ...because })).rejects.toMatchObject({
      code: 'role_required',
    });
    await decideRequest(officer, asked.id, 'grant');
    const payload = await readDecisionPayload(auditor, id, { ref, ...because });
    expect(payload.role).toBe('input');
    const [record] = (await listJournal('bank', ['payload.read'])).slice(-1);
    expect(record?.body).toMatchObject({ authority: 'auditor', granted_by: officer.person.id });
    const late = { nowMs: Date.now() + 2 * 3_600_000 };
    await expect(readDecisionPayload(auditor, id, { ref, ...because }, late)).rejects.toMatchObject({
      code: 'role_required',
    });
    await expect(
      readDecisionPayload(testViewer('bank', ['auditor']), id, { ref, ...because }),
    ).rejects.toMatchObject({ code: 'role_required' });
    await expect(
      makeRequest(testViewer('bank', ['admin', 'auditor']), { kind: 'payload', target: id, ...because }),
    ).rejects.toMatchObject({ code: 'role_required' });
  });

  it('is for a reviewer while they have its escalation open', async () => {
    const reviewer = testViewer('bank', ['reviewer']);
    await owner.query(
      `INSERT INTO escalations (id, tenant, gateway, gateway_key, idempotency_key, request_digest, evaluation, decision, instance,
         state, version, action_digest, action_ref, sentence, agent, tool, tier, control, rule, reason_code, subjects, policy_id,
         policy_version, policy_digest, quorum, measured, budgets, created_at, expires_at)
       VALUES ('esc_1', 'bank', 'g', 'k', 'i', 'd', 'e', $1, 'n', 'pending', 1, 'a', 'payload/a', '{}', 'a', 't', 'bounded',
         'threshold', 'r', 'c', '[]', 'p', 1, 'd', '[]', '[]', '[]', now(), now() + interval '1 hour')`,
      [id],
    );
    await owner.query(
      `INSERT INTO review_sessions (escalation, person, tenant, read_at, opened_at) VALUES ('esc_1', $1, 'bank', now(), now())`,
      [reviewer.person.id],
    );
    expect((await readDecisionPayload(reviewer, id, { ref, ...because })).role).toBe('input');
    await owner.query(`UPDATE escalations SET state = 'denied' WHERE id = 'esc_1'`);
    await expect(readDecisionPayload(reviewer, id, { ref, ...because })).rejects.toMatchObject({
      code: 'role_required',
    });
  });

  it('is not of another organisation, and only what the decision’s own records name', async () => {
    await expect(
      readDecisionPayload(testViewer('clinic', ['compliance']), id, { ref, ...because }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      readDecisionPayload(officer, id, { ref: 'payload/other', ...because }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what became of it', () => {
  it('is told once its time has passed: by which cause, and when', async () => {
    const kept = await listDecisionContents(officer, id);
    expect(kept.contents).toMatchObject([{ role: 'input', ref, state: 'kept', held: false }]);
    await runRetention({ nowMs: Date.now() + 181 * 86_400_000 });
    const after = await listDecisionContents(officer, id);
    expect(after.contents).toMatchObject([
      { role: 'input', ref, state: 'retention', digest: kept.contents[0]?.digest },
    ]);
    await expect(readDecisionPayload(officer, id, { ref, ...because })).rejects.toMatchObject({
      code: 'payload_gone',
    });
  });
});
