import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatInstant } from '@/lib/core/instant';
import type { HoldScope } from '@/lib/retention/hold';
import { DEFAULT_SCHEDULE } from '@/lib/retention/schedule';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { inVaultTransaction } from '../database/vault-pool';
import { lockHolds } from '../holds/lock-holds';
import { placeHold } from '../holds/place-hold';
import { openLog } from '../log/open-log';
import { sequence } from '../log/sequence';
import { verifyStoredLog } from '../log/verify-stored-log';
import { readPayload } from '../payloads/read-payload';
import { storePayload } from '../payloads/store-payload';
import { newSubjectToken } from '../random';
import { ingestRecords } from '../records/ingest';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant, testDecisionBody } from '../testing/test-producer';
import { listJournal, testCaller, testViewer } from '../testing/test-vault';
import { decideRequest } from '../vault/decide-request';
import { findSubject } from '../vault/find-subject';
import { getVaultOverview } from '../vault/get-overview';
import { makeRequest } from '../vault/make-request';
import { setAccessPolicy } from '../vault/set-access-policy';
import { tokenise } from '../vault/tokenise';
import { deleteDue } from './delete-due';
import { runRetention } from './run-retention';
import { setSchedule } from './set-schedule';

const { owner } = await startTestConsole();
const DAY_MS = 86_400_000;
const because = { purpose: 'internal-audit', caseRef: 'CASE-1' } as const;
const words = { caseRef: 'CASE-1', reasonCode: 'litigation', reasonText: 'A claim is expected.' } as const;
const NOTHING: HoldScope = { subjects: [], agents: [], from: null, until: null, caseRef: null };

beforeAll(async () => {
  await openLog();
});

/** An organisation of its own for each test: holds of one would keep what another deletes. */
async function openClinic() {
  const tenant = await createTestTenant(`clinic-${randomBytes(4).toString('hex')}`);
  const officer = testViewer(tenant, ['compliance']);
  const protection = testViewer(tenant, ['data_protection']);
  const caller = await testCaller(tenant);
  const decideRequestOf = async (kind: 'release' | 'erase', target: string) => {
    const request = await makeRequest(officer, { kind, target, ...because });
    return decideRequest(protection, request.id, 'grant');
  };
  return {
    tenant,
    officer,
    protection,
    keep: (subject: string, { agent, daysAgo = 0 }: { agent?: string; daysAgo?: number } = {}) =>
      inTransaction((tx) =>
        storePayload(
          tx,
          {
            tenant,
            kind: 'producer_payload',
            subjects: [subject],
            mediaType: 'text/plain',
            bytes: utf8('lactate 4.1'),
            ...(agent ? { agent } : {}),
          },
          { nowMs: Date.now() - daysAgo * DAY_MS },
        ),
      ),
    keepAbout: (subjects: string[]) =>
      inTransaction((tx) =>
        storePayload(tx, {
          tenant,
          kind: 'producer_payload',
          subjects,
          mediaType: 'text/plain',
          bytes: utf8('lactate 4.1'),
        }),
      ),
    isKept: async (ref: string) => (await readPayload(getPool(), { tenant, ref })) !== null,
    run: (days = 0) => runRetention({ tenant, nowMs: Date.now() + days * DAY_MS }),
    hold: (scope: Partial<HoldScope>) => placeHold(officer, { scope: { ...NOTHING, ...scope }, ...words }),
    release: (id: string) => decideRequestOf('release', id),
    erase: (token: string) => decideRequestOf('erase', token),
    tokenOf: async (identifier: string, daysAgo = 0) => {
      const nowMs = Date.now() - daysAgo * DAY_MS;
      const { tokens } = await tokenise(caller, { items: [{ type: 'mrn', identifier }] }, { nowMs });
      return tokens[0] as string;
    },
    decideOn: async (token: string, agent = 'sepsis-triage') => {
      const producer = await createTestProducer(tenant);
      const body = testDecisionBody() as { identity: Record<string, unknown> };
      body.identity.subjects = [{ type: 'patient', token }];
      body.identity.agent = { id: agent, name: agent, version: '1' };
      const [result] = await ingestRecords(null, [producer.record({ body })]);
      expect(result?.status).toBe('accepted');
    },
    overview: () => getVaultOverview(tenant),
    journal: (kinds: string[]) => listJournal(tenant, kinds),
  };
}
type Clinic = Awaited<ReturnType<typeof openClinic>>;

const endOf = async (ref: string) => {
  const { rows } = await getPool().query('SELECT cause, record FROM payload_ends WHERE ref = $1', [ref]);
  return rows[0];
};

/** Whether some transaction waits for a lock that another has taken by name. */
const isWaiting = async () =>
  (
    await owner.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
          AND wait_event = 'advisory'`,
    )
  ).rows.length > 0;

describe('retention', () => {
  it('deletes what is past its time, says where it went, and leaves the rest', async () => {
    const [clinic, other] = [await openClinic(), await openClinic()];
    const old = await clinic.keep(newSubjectToken(), { daysAgo: 200 });
    const young = await clinic.keep(newSubjectToken());
    const elsewhere = await other.keep(newSubjectToken(), { daysAgo: 200 });
    const { retention } = await clinic.overview();
    expect(retention.due.find(({ kind }) => kind === 'producer_payload')).toMatchObject({
      kept: 2,
      dueSoon: 1,
      held: 0,
    });
    expect(await clinic.run()).toBe(1);
    expect([await clinic.isKept(old.ref), await clinic.isKept(young.ref)]).toEqual([false, true]);
    const records = await clinic.journal(['retention.deleted']);
    expect(records.map(({ body }) => body)).toEqual([
      {
        policy: { id: 'retention-schedule', version: '0' },
        scope: { kind: 'producer_payload', kept_days: 180, due_before: expect.any(String) },
        count: 1,
        held: 0,
      },
    ]);
    expect(await endOf(old.ref)).toMatchObject({ cause: 'retention' });
    expect(await other.isKept(elsewhere.ref)).toBe(true);
    expect(await clinic.run()).toBe(0);
  });

  it('follows a new schedule also for what is kept already, recorded as a change', async () => {
    const clinic = await openClinic();
    const kept = await clinic.keep(newSubjectToken(), { daysAgo: 40 });
    const schedule = { ...DEFAULT_SCHEDULE, producer_payload: 30 };
    await expect(setSchedule(clinic.protection, { schedule, baseVersion: 0 })).rejects.toMatchObject({
      code: 'role_required',
    });
    expect(await setSchedule(clinic.officer, { schedule, baseVersion: 0 })).toEqual({ version: 1 });
    await expect(setSchedule(clinic.officer, { schedule, baseVersion: 0 })).rejects.toMatchObject({
      code: 'version_conflict',
    });
    const [change] = (await clinic.journal(['change'])).slice(-1);
    expect(change?.body).toMatchObject({
      name: 'retention-schedule',
      summary: 'producer_payload: 180 days to 30 days.',
    });
    expect(await clinic.run()).toBe(1);
    expect(await clinic.isKept(kept.ref)).toBe(false);
    const forever = { ...DEFAULT_SCHEDULE, producer_payload: null };
    await setSchedule(clinic.officer, { schedule: forever, baseVersion: 1 });
    const endless = await clinic.keep(newSubjectToken());
    expect(await clinic.run(3_000)).toBe(0);
    expect(await clinic.isKept(endless.ref)).toBe(true);
  });

  it('deletes nothing by a schedule that has just been replaced', async () => {
    const clinic = await openClinic();
    const kept = await clinic.keep(newSubjectToken(), { daysAgo: 200 });
    const schedule = { ...DEFAULT_SCHEDULE, producer_payload: 3_650 };
    await setSchedule(clinic.officer, { schedule, baseVersion: 0 });
    expect(await deleteDue(clinic.tenant, { nowMs: Date.now() })).toBe(0);
    expect(await clinic.isKept(kept.ref)).toBe(true);
  });

  it('drops a month once nothing is left in it', async () => {
    const clinic = await openClinic();
    await clinic.keep(newSubjectToken(), { daysAgo: 600 });
    const month = new Date(Date.now() - 420 * DAY_MS).toISOString().slice(0, 7).replace('-', '_');
    const exists = async () =>
      (await owner.query('SELECT to_regclass($1) AS name', [`payload_months.m${month}`])).rows[0].name !==
      null;
    expect(await exists()).toBe(true);
    await clinic.run();
    expect(await exists()).toBe(false);
    const again = await clinic.keep(newSubjectToken(), { daysAgo: 600 });
    expect(await clinic.isKept(again.ref)).toBe(true);
  });

  it('deletes identifiers so long after their subject’s last decision', async () => {
    const clinic = await openClinic();
    await clinic.tokenOf('MRN-77', 500);
    const active = await clinic.tokenOf('MRN-78', 500);
    await clinic.decideOn(active);
    await setSchedule(clinic.officer, {
      schedule: { ...DEFAULT_SCHEDULE, identifier: 365 },
      baseVersion: 0,
    });
    expect(await clinic.run()).toBe(1);
    const left = await owner.query('SELECT token FROM vault.identifiers WHERE tenant = $1', [clinic.tenant]);
    expect(left.rows).toEqual([{ token: active }]);
  });
});

describe('a legal hold', () => {
  const scopes: [string, (clinic: Clinic, token: string) => Promise<Partial<HoldScope>>][] = [
    ['its subject', async (_clinic, token) => ({ subjects: [token] })],
    ['its agent', async () => ({ agents: ['agent-of-this-test'] })],
    [
      'an agent that decided about it',
      async (clinic, token) => {
        await clinic.decideOn(token, 'agent-of-that-decision');
        return { agents: ['agent-of-that-decision'] };
      },
    ],
    [
      'its time',
      async () => ({
        from: formatInstant(Date.now() - 301 * DAY_MS),
        until: formatInstant(Date.now() - 299 * DAY_MS),
      }),
    ],
    [
      'its case',
      async ({ officer }) => {
        await findSubject(officer, {
          type: 'mrn',
          identifier: 'MRN-1',
          purpose: 'complaint',
          caseRef: 'CASE-77',
        });
        return { caseRef: 'CASE-77' };
      },
    ],
  ];

  it.each(scopes)('by %s keeps it past its time, and is released by two', async (_name, scopeOf) => {
    const clinic = await openClinic();
    const token = await clinic.tokenOf('MRN-1');
    const kept = await clinic.keep(token, { agent: 'agent-of-this-test', daysAgo: 300 });
    const free = await clinic.keep(newSubjectToken(), { agent: 'another-agent', daysAgo: 200 });
    const { id } = await clinic.hold(await scopeOf(clinic, token));
    await clinic.run();
    expect([await clinic.isKept(kept.ref), await clinic.isKept(free.ref)]).toEqual([true, false]);
    const { holds, retention } = await clinic.overview();
    expect(holds).toMatchObject([{ id, payloads: 1, released: null }]);
    expect(retention.due.find(({ kind }) => kind === 'producer_payload')?.held).toBe(1);
    await clinic.release(id);
    await clinic.run();
    expect(await clinic.isKept(kept.ref)).toBe(false);
    const told = await clinic.journal(['hold.placed', 'hold.released']);
    expect(told.map(({ kind, body }) => [kind, body.hold_id])).toEqual([
      ['hold.placed', id],
      ['hold.released', id],
    ]);
    expect(told.at(-1)?.body).toMatchObject({ granted_by: clinic.protection.person.id });
    expect(told.map(({ text }) => text).join()).not.toContain('A claim is expected');
  });

  it('keeps nothing beyond its scope, and nothing of another organisation', async () => {
    const [clinic, other] = [await openClinic(), await openClinic()];
    const token = newSubjectToken();
    const kept = await clinic.keep(token, { agent: 'agent-a', daysAgo: 300 });
    await clinic.decideOn(token, 'agent-a');
    await clinic.hold({ subjects: [newSubjectToken()] });
    await clinic.hold({ subjects: [token], agents: ['agent-b'] });
    await clinic.hold({ subjects: [token], from: formatInstant(Date.now() - DAY_MS) });
    await other.hold({ subjects: [token] });
    await clinic.run();
    expect(await clinic.isKept(kept.ref)).toBe(false);
  });

  it('by agent keeps what nobody knows the agent of', async () => {
    const clinic = await openClinic();
    const kept = await clinic.keep(newSubjectToken(), { daysAgo: 300 });
    await clinic.hold({ agents: ['agent-b'] });
    await clinic.run();
    expect(await clinic.isKept(kept.ref)).toBe(true);
  });

  it('that is being placed wins over a deletion that begins meanwhile', async () => {
    const clinic = await openClinic();
    const token = newSubjectToken();
    const kept = await clinic.keep(token, { daysAgo: 300 });
    let deletion: Promise<number> | undefined;
    await inVaultTransaction(async (tx) => {
      await lockHolds(tx, clinic.tenant);
      deletion = clinic.run();
      // The deletion is seen to wait for the hold before the hold is written.
      while (!(await isWaiting())) {}
      await tx.query(
        `INSERT INTO holds (id, tenant, subjects, agents, case_ref, reason_code, reason_ref, placed_by, authority, placed_at,
           stream, position)
         VALUES ('hold_race', $1, $2, '{}', 'CASE-9', 'litigation', 'payload/none', 'per_1', 'compliance', now(), 'x', 1)`,
        [clinic.tenant, [token]],
      );
    });
    expect(await deletion).toBe(0);
    expect(await clinic.isKept(kept.ref)).toBe(true);
  });

  it.each([
    ['an auditor', ['auditor']],
    ['an administrator', ['admin']],
    ['an administrator who is compliance as well', ['admin', 'compliance']],
  ] as const)('is not placed by %s', async (_name, roles) => {
    const clinic = await openClinic();
    const viewer = testViewer(clinic.tenant, [...roles]);
    const placed = placeHold(viewer, { scope: { ...NOTHING, agents: ['a'] }, ...words });
    await expect(placed).rejects.toMatchObject({ code: 'role_required' });
  });

  it('is not released by whoever asked, twice, or from another organisation', async () => {
    const [clinic, other] = [await openClinic(), await openClinic()];
    const { id } = await clinic.hold({ agents: ['nobody'] });
    const request = await makeRequest(clinic.officer, { kind: 'release', target: id, ...because });
    await expect(decideRequest(clinic.officer, request.id, 'grant')).rejects.toMatchObject({
      code: 'own_request',
    });
    await expect(other.release(id)).rejects.toMatchObject({ code: 'hold_unknown' });
    await decideRequest(clinic.protection, request.id, 'grant');
    await expect(clinic.release(id)).rejects.toMatchObject({ code: 'hold_released' });
  });
});

describe('erasing a subject', () => {
  it('takes key, identifier and contents, leaves every proof, and says both', async () => {
    const clinic = await openClinic();
    const token = await clinic.tokenOf('MRN-4711');
    await clinic.decideOn(token);
    const kept = await clinic.keep(token);
    const shared = await inTransaction((tx) =>
      storePayload(tx, {
        tenant: clinic.tenant,
        kind: 'review_reason',
        subjects: ['per_reviewer', token],
        mediaType: 'text/plain',
        bytes: utf8('Seen at the bedside.'),
      }),
    );
    await sequence({ force: true });
    const before = await verifyStoredLog(getPool());

    expect(await clinic.erase(token)).toEqual({ state: 'used' });
    expect([await clinic.isKept(kept.ref), await clinic.isKept(shared.ref)]).toEqual([false, false]);
    expect(await endOf(shared.ref)).toMatchObject({ cause: 'erasure' });
    const found = await findSubject(clinic.officer, { type: 'mrn', identifier: 'MRN-4711', ...because });
    expect(found.status).toBe('unknown');
    expect((await clinic.overview()).erasures).toMatchObject([
      { token, report: { keys: 1, identifiers: 1, payloads: 2, remains: { decisions: 1 } } },
    ]);
    const [record] = await clinic.journal(['subject.erased']);
    expect(record?.body).toMatchObject({ token, erased: { keys: 1, identifiers: 1, payloads: 2 } });
    expect(record?.text).not.toMatch(/4711/);

    await sequence({ force: true });
    const after = await verifyStoredLog(getPool());
    expect(after.edge.size).toBeGreaterThan(before.edge.size);
    expect(after.checkpoints).toBeGreaterThan(before.checkpoints);
  });

  it('cannot be undone by keeping something more about them, nor by a copy of the ciphertext', async () => {
    const clinic = await openClinic();
    const token = await clinic.tokenOf('MRN-100');
    const kept = await clinic.keep(token);
    await owner.query('CREATE TEMP TABLE backup AS SELECT * FROM payloads WHERE ref = $1', [kept.ref]);
    await clinic.erase(token);
    await expect(clinic.keep(token)).rejects.toMatchObject({ code: 'subject_erased' });
    await owner.query('INSERT INTO payloads SELECT * FROM backup');
    expect(await clinic.isKept(kept.ref)).toBe(false);
    expect(await clinic.tokenOf('MRN-100')).not.toBe(token);
  });

  it('is refused while a hold covers them: when asked, and when granted', async () => {
    const clinic = await openClinic();
    const token = await clinic.tokenOf('MRN-101');
    const kept = await clinic.keep(token);
    const waiting = await makeRequest(clinic.officer, { kind: 'erase', target: token, ...because });
    const { id } = await clinic.hold({ subjects: [token] });
    await expect(decideRequest(clinic.protection, waiting.id, 'grant')).rejects.toMatchObject({
      code: 'hold_applies',
    });
    await expect(clinic.erase(token)).rejects.toMatchObject({ code: 'hold_applies' });
    expect(await clinic.isKept(kept.ref)).toBe(true);
    await clinic.release(id);
    expect(await clinic.erase(token)).toEqual({ state: 'used' });
    await expect(clinic.erase(token)).rejects.toMatchObject({ code: 'subject_erased' });
  });

  it('finds what is being kept about them at that moment', async () => {
    const clinic = await openClinic();
    const token = await clinic.tokenOf('MRN-104');
    let erasing: Promise<unknown> | undefined;
    let settled = false;
    const { ref } = await inTransaction(async (tx) => {
      const stored = await storePayload(tx, {
        tenant: clinic.tenant,
        kind: 'producer_payload',
        subjects: [token],
        mediaType: 'text/plain',
        bytes: utf8('lactate 4.1'),
      });
      erasing = clinic.erase(token).finally(() => {
        settled = true;
      });
      // Until the erasure waits for this transaction; one that did not would have ended.
      while (!settled && !(await isWaiting())) {}
      return stored;
    });
    expect(await erasing).toEqual({ state: 'used' });
    const left = await owner.query('SELECT 1 FROM payloads WHERE ref = $1', [ref]);
    expect(left.rows).toEqual([]);
    expect(await endOf(ref)).toMatchObject({ cause: 'erasure' });
  });

  it('takes out of escalations who was on the other side, and out of requests the identifier’s index', async () => {
    const clinic = await openClinic();
    const [token, other] = [await clinic.tokenOf('MRN-105'), newSubjectToken()];
    const insert = (id: string, state: string, principal: string | null, about: string[]) =>
      owner.query(
        `INSERT INTO escalations (id, tenant, gateway, gateway_key, idempotency_key, request_digest, evaluation, instance, state,
           version, action_digest, action_ref, sentence, agent, principal, tool, tier, control, rule, reason_code, counterparty,
           subjects, policy_id, policy_version, policy_digest, quorum, measured, budgets, created_at, expires_at)
         VALUES ($1, $2, 'g', 'k', $1, 'd', $1, 'n', $3, 1, 'a', 'payload/a', $4, 'a', $5, 't', 'bounded', 'threshold', 'r', 'c',
           'acct-asha', $6, 'p', 1, 'd', '[]', '[]', '[]', now(), now() + interval '1 hour')`,
        [
          id,
          clinic.tenant,
          state,
          JSON.stringify({ agent: 'Clerk', verb: 'pay', preposition: 'to', object: 'Asha Rao' }),
          principal,
          JSON.stringify(about.map((each) => ({ type: 'patient', token: each }))),
        ],
      );
    await insert(`esc_1_${clinic.tenant}`, 'approved', null, [other, token]);
    await insert(`esc_2_${clinic.tenant}`, 'pending', token, []);
    await insert(`esc_3_${clinic.tenant}`, 'pending', other, [other]);
    const policy = { findNeedsSecond: true, revealNeedsSecond: true };
    await setAccessPolicy(clinic.protection, { policy, baseVersion: 0 });
    await findSubject(clinic.officer, { type: 'mrn', identifier: 'MRN-105', ...because });
    await clinic.erase(token);
    const { rows } = await owner.query(
      'SELECT sentence, counterparty, version FROM escalations WHERE tenant = $1 ORDER BY id',
      [clinic.tenant],
    );
    const sentence = { agent: 'Clerk', verb: 'pay' };
    expect(rows).toEqual([
      { sentence, counterparty: null, version: 1 },
      { sentence, counterparty: null, version: 2 },
      {
        sentence: { ...sentence, preposition: 'to', object: 'Asha Rao' },
        counterparty: 'acct-asha',
        version: 1,
      },
    ]);
    const [erasure] = (await clinic.overview()).erasures;
    expect(erasure?.report).toMatchObject({ sentences: 2, remains: { escalations: 2 } });
    const kept = await owner.query(
      'SELECT 1 FROM vault.requests WHERE tenant = $1 AND blind_index IS NOT NULL',
      [clinic.tenant],
    );
    expect(kept.rows).toEqual([]);
  });

  it('is refused while a hold on somebody else keeps contents that are about both', async () => {
    const clinic = await openClinic();
    const [token, other] = [await clinic.tokenOf('MRN-103'), newSubjectToken()];
    const { ref } = await clinic.keepAbout([other, token]);
    const { id } = await clinic.hold({ subjects: [other] });
    await expect(clinic.erase(token)).rejects.toMatchObject({ code: 'hold_applies' });
    expect(await clinic.isKept(ref)).toBe(true);
    await clinic.release(id);
    expect(await clinic.erase(token)).toEqual({ state: 'used' });
  });

  it('knows only its own organisation’s subjects', async () => {
    const [clinic, other] = [await openClinic(), await openClinic()];
    const token = await clinic.tokenOf('MRN-102');
    await expect(other.erase(token)).rejects.toMatchObject({ code: 'subject_unknown' });
  });
});
