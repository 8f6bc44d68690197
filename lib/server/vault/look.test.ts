import { beforeAll, describe, expect, it } from 'vitest';
import type { LookAnswer } from '@/lib/vault/look-request';
import { getPool } from '../database/pool';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { startTestConsole } from '../testing/test-console';
import { createTestTenant } from '../testing/test-producer';
import { listJournal, testCaller, testViewer } from '../testing/test-vault';
import { decideRequest } from './decide-request';
import { findSubject } from './find-subject';
import { listLooks } from './list-looks';
import { revealIdentifier } from './reveal-identifier';
import { setAccessPolicy } from './set-access-policy';
import { takeRequest } from './take-request';
import { tokenise } from './tokenise';

const { owner } = await startTestConsole();
const MRN = 'MRN-00421187';
const because = { purpose: 'care-incident', caseRef: 'SB-2026-118' } as const;
const find = { type: 'mrn', identifier: MRN, ...because } as const;
const [officer, second] = [testViewer('clinic', ['compliance']), testViewer('clinic', ['compliance'])];
const protection = testViewer('clinic', ['data_protection']);
const stranger = testViewer('bank', ['compliance']);
let clinic: ProducerCaller;
let token: string;

beforeAll(async () => {
  await createTestTenant('clinic');
  await createTestTenant('bank');
  clinic = await testCaller('clinic');
  token = (await tokenise(clinic, { items: [{ type: 'mrn', identifier: MRN }] })).tokens[0] as string;
});

const waiting = (answer: LookAnswer): string => {
  if (answer.status !== 'waiting') throw new Error(answer.status);
  return answer.request;
};

describe('finding the token of an identifier', () => {
  it('is recorded with purpose, case and authority, and listed, without the identifier', async () => {
    const answer = await findSubject(officer, find);
    expect(answer).toEqual({ status: 'found', token, look: expect.stringMatching(/^rec_/) });
    const [record] = (await listJournal('clinic', ['vault.lookup'])).slice(-1);
    expect(record?.body).toEqual({
      look: 'find',
      token,
      found: true,
      person: officer.person.id,
      authority: 'compliance',
      purpose: 'care-incident',
      case: 'SB-2026-118',
      identifier_type: 'mrn',
    });
    expect(record?.text).not.toMatch(/421187/);
    const { looks } = await listLooks('clinic', null);
    expect(looks[0]).toMatchObject({
      kind: 'find',
      target: token,
      by: { id: officer.person.id },
      found: true,
    });
  });

  it('is recorded also when nobody is found, and finds nobody of another organisation', async () => {
    const answer = await findSubject(stranger, find);
    expect(answer).toEqual({ status: 'unknown', look: expect.any(String) });
    const [record] = (await listJournal('bank', ['vault.lookup'])).slice(-1);
    expect(record?.body).toMatchObject({ found: false, identifier_type: 'mrn' });
    expect(record?.body).not.toHaveProperty('token');
  });

  it.each([
    ['an administrator', ['admin']],
    ['an administrator who is compliance as well', ['admin', 'compliance']],
    ['an auditor', ['auditor']],
    ['reviewers', ['reviewer', 'senior_reviewer']],
  ] as const)('is not for %s', async (_name, roles) => {
    const before = (await listJournal('clinic', ['vault.lookup'])).length;
    const viewer = testViewer('clinic', [...roles]);
    await expect(findSubject(viewer, find)).rejects.toMatchObject({ code: 'role_required' });
    await expect(revealIdentifier(viewer, { token, ...because })).rejects.toMatchObject({
      code: 'role_required',
    });
    expect((await listJournal('clinic', ['vault.lookup'])).length).toBe(before);
  });

  it('takes no case number that is the identifier, and repeats none that is wrong', async () => {
    await expect(findSubject(officer, { ...find, caseRef: '0042-1187' })).rejects.toMatchObject({
      code: 'malformed_request',
    });
    const wrong = findSubject(officer, { ...find, type: 'nhs_number', identifier: '9434765918' });
    await expect(wrong).rejects.toMatchObject({ code: 'identifier_invalid', detail: 'It is no nhs_number.' });
  });

  it('answers nothing when it cannot be recorded', async () => {
    await owner.query('REVOKE INSERT ON records FROM countersign_app');
    try {
      await expect(findSubject(officer, find)).rejects.toThrow();
    } finally {
      await owner.query('GRANT INSERT ON records TO countersign_app');
    }
  });
});

describe('showing the identifier behind a token', () => {
  it('waits for somebody else, is taken once by whoever asked, and all of it is recorded', async () => {
    const id = waiting(await revealIdentifier(officer, { token, ...because }));
    expect(await takeRequest(officer, id)).toEqual({ status: 'waiting', request: id });
    await expect(decideRequest(officer, id, 'grant')).rejects.toMatchObject({ code: 'own_request' });
    await expect(decideRequest(stranger, id, 'grant')).rejects.toMatchObject({ code: 'request_unknown' });
    await expect(decideRequest(testViewer('clinic', ['auditor']), id, 'grant')).rejects.toMatchObject({
      code: 'role_required',
    });
    expect(await decideRequest(protection, id, 'grant')).toEqual({ state: 'granted' });
    await expect(takeRequest(second, id)).rejects.toMatchObject({ code: 'request_unknown' });
    const taken = await Promise.allSettled([takeRequest(officer, id), takeRequest(officer, id)]);
    const answers = taken.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(answers).toEqual([
      { status: 'revealed', token, type: 'mrn', identifier: '00421187', look: expect.any(String) },
    ]);
    const told = (await listJournal('clinic', ['vault.request', 'vault.lookup'])).slice(-3);
    expect(told.map(({ kind, body }) => [kind, body.state ?? body.look])).toEqual([
      ['vault.request', 'requested'],
      ['vault.request', 'granted'],
      ['vault.lookup', 'reveal'],
    ]);
    expect(told[2]?.body).toMatchObject({ granted_by: protection.person.id, request_id: id });
    expect(told.map(({ text }) => text).join()).not.toMatch(/421187/);
  });

  it('is decided once, even by two at the same moment', async () => {
    const id = waiting(await revealIdentifier(officer, { token, ...because }));
    const decided = await Promise.allSettled([
      decideRequest(protection, id, 'grant'),
      decideRequest(second, id, 'refuse'),
    ]);
    expect(decided.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(decided.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'request_ended' },
    });
  });

  it('ends when it is refused, waited too long, or lay granted too long', async () => {
    const at = Date.now();
    const ask = async () => waiting(await revealIdentifier(officer, { token, ...because }, { nowMs: at }));
    const refused = await ask();
    await decideRequest(protection, refused, 'refuse', { nowMs: at });
    await expect(takeRequest(officer, refused)).rejects.toMatchObject({ code: 'request_ended' });
    const old = await ask();
    const late = { nowMs: at + 25 * 3_600_000 };
    await expect(decideRequest(protection, old, 'grant', late)).rejects.toMatchObject({
      code: 'request_ended',
    });
    const granted = await ask();
    await decideRequest(protection, granted, 'grant', { nowMs: at });
    await expect(takeRequest(officer, granted, { nowMs: at + 2 * 3_600_000 })).rejects.toMatchObject({
      code: 'request_ended',
    });
  });

  it('is refused for a token that the vault does not hold', async () => {
    await expect(
      revealIdentifier(officer, { token: `tok_${'0'.repeat(32)}`, ...because }),
    ).rejects.toMatchObject({ code: 'subject_unknown' });
    await expect(revealIdentifier(stranger, { token, ...because })).rejects.toMatchObject({
      code: 'subject_unknown',
    });
  });

  it('shows nothing that was moved from another subject', async () => {
    const [other] = (await tokenise(clinic, { items: [{ type: 'mrn', identifier: 'MRN-2' }] })).tokens;
    await owner.query(
      `UPDATE vault.identifiers a SET ciphertext = b.ciphertext, nonce = b.nonce FROM vault.identifiers b
        WHERE a.token = $1 AND b.token = $2`,
      [other, token],
    );
    const id = waiting(await revealIdentifier(officer, { token: other as string, ...because }));
    await decideRequest(protection, id, 'grant');
    await expect(takeRequest(officer, id)).rejects.toMatchObject({ code: 'payload_gone' });
  });
});

describe('the policy of looks', () => {
  it('is data protection’s to set, as a version and a record, and holds from then on', async () => {
    const policy = { findNeedsSecond: true, revealNeedsSecond: true };
    await expect(setAccessPolicy(officer, { policy, baseVersion: 0 })).rejects.toMatchObject({
      code: 'role_required',
    });
    expect(await setAccessPolicy(protection, { policy, baseVersion: 0 })).toEqual({ version: 1 });
    await expect(setAccessPolicy(protection, { policy, baseVersion: 0 })).rejects.toMatchObject({
      code: 'version_conflict',
    });
    const [record] = (await listJournal('clinic', ['change'])).slice(-1);
    expect(record?.body).toMatchObject({ target: 'policy', name: 'vault-access', to_version: '1' });

    const id = waiting(await findSubject(officer, find));
    const { rows } = await owner.query<{ text: string }>(
      'SELECT r::text AS text FROM vault.requests r WHERE id = $1',
      [id],
    );
    expect(rows[0]?.text).not.toMatch(/421187/);
    await decideRequest(second, id, 'grant');
    expect(await takeRequest(officer, id)).toMatchObject({ status: 'found', token });
    const left = await owner.query('SELECT 1 FROM vault.requests WHERE id = $1 AND blind_index IS NOT NULL', [
      id,
    ]);
    expect(left.rows).toEqual([]);
    await setAccessPolicy(protection, {
      policy: { findNeedsSecond: false, revealNeedsSecond: true },
      baseVersion: 1,
    });
  });
});

describe('the list of looks', () => {
  it('is read in pages, each look once', async () => {
    for (let i = 0; i < 60; i++) await findSubject(officer, find);
    const seen: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof listLooks>> = await listLooks('clinic', cursor);
      seen.push(...page.looks.map(({ id }) => id));
      cursor = page.next;
      if (cursor === null) break;
    }
    const { rows } = await getPool().query<{ n: number }>(
      `SELECT count(*)::int AS n FROM looks WHERE tenant = 'clinic'`,
    );
    expect(new Set(seen).size).toBe(rows[0]?.n);
    expect(seen).toHaveLength(rows[0]?.n ?? 0);
    await expect(listLooks('clinic', `1.rec_'; DROP`)).rejects.toMatchObject({ code: 'malformed_request' });
  });
});
