import { beforeAll, describe, expect, it } from 'vitest';
import { commitDrill } from '@/lib/attention/drill-commitment';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64url, parseBase64url } from '@/lib/core/encoding';
import type { JsonValue } from '@/lib/core/json';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import { createGateway } from '@/lib/gateway/create-gateway';
import { createMemoryOutbox } from '@/lib/gateway/outbox';
import { actionDigest, parseAction } from '@/lib/tokens/action';
import { claimsSchema } from '@/lib/tokens/claims';
import { parseToken, verifyToken } from '@/lib/tokens/token';
import { approvalOf } from '../approvals/find-approval';
import { storeApproval } from '../approvals/issue';
import { redeemApproval } from '../approvals/redeem';
import { reportOutcome } from '../approvals/report-outcome';
import { revokeApproval } from '../approvals/revoke';
import { getPool } from '../database/pool';
import { cancelEscalation } from '../escalations/cancel';
import { expireEscalation } from '../escalations/expire';
import { getDetail } from '../escalations/get-detail';
import { getTask } from '../escalations/get-task';
import { listQueue } from '../escalations/list-queue';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  recordsOf,
  submitPayment,
  T0,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { getInsights } from '../insights/get-insights';
import { getSigningKey } from '../keys/key-directory';
import { listApprovalKeys } from '../keys/list-approval-keys';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';
import { planByPolicy } from './plan-by-policy';
import { type DrillWish, planDrillByHand } from './plan-drill';
import { type DrillBank, injectDrill, LATER, settledBank } from './testing/drill-fixture';

await startTestConsole();
const query = { state: 'pending', filter: 'all', limit: 50 } as const;

async function answer(bank: DrillBank, id: string, verdict: 'approve' | 'deny') {
  const detail = await readEscalationPage(bank.reviewer, id, LATER + 70);
  return decideEscalation(bank.reviewer, id, verdictOn(detail, verdict), at(LATER + 90));
}

describe('a drill in the queue', () => {
  it('looks, reads and is claimed like any other, and nothing but its seal is in the log', async () => {
    const bank = await settledBank();
    const id = await injectDrill(bank);
    const real = await submitPayment(bank, largePayment('18500.00', 'acct-99'), {
      evidence: { retrieved: [], guardrails: [] },
    });
    const page = await listQueue(bank.reviewer, query, at(LATER + 62));
    const rows = await listQueue(bank.reviewer, { ...query, ids: `${real.id},${id}` }, at(LATER + 62));
    const [one, other] = rows.rows;
    expect(Object.keys(one ?? {})).toEqual(Object.keys(other ?? {}));
    expect(page.counts.all).toBe(page.rows.length);
    const [drill, known] = [
      await getDetail(bank.reviewer, id, at(LATER + 63)),
      await getDetail(bank.reviewer, real.id, at(LATER + 63)),
    ];
    expect(Object.keys(drill)).toEqual(Object.keys(known));
    expect(drill).toMatchObject({ result: null, decisionId: null, may: { decide: true } });
    expect(JSON.stringify([drill, page])).not.toMatch(/drill|drl_|practice/i);
    const submitted = await recordsOf(bank.tenant, 'escalation');
    const record = submitted.find((each) => each.id === id);
    expect(Object.keys(record?.body ?? {})).toEqual(
      Object.keys(submitted.find((each) => each.id === real.id)?.body ?? {}),
    );
    const [seal] = await recordsOf(bank.tenant, 'drill.injected');
    expect(Object.keys(seal?.body ?? {}).sort()).toEqual(['commitment', 'drill_id', 'injected_by']);
    expect(JSON.stringify(seal)).not.toContain(id);
  });

  it('shares no token with the case it was made of, and shows that case’s past', async () => {
    const bank = await settledBank();
    const id = await injectDrill(bank, { known: 'good', recipe: 'as-it-was' });
    const [drill, model] = [
      await getDetail(bank.reviewer, id, at(LATER + 63)),
      await getDetail(bank.officer, bank.model, at(LATER + 63)),
    ];
    const tokens = (detail: EscalationDetail) => detail.actionJson.match(/tok_[0-9a-f]{32}/g) ?? [];
    expect(tokens(drill)).toHaveLength(tokens(model).length);
    expect(tokens(drill).filter((token) => new Set<string>(tokens(model)).has(token))).toEqual([]);
    expect(drill.actionDigest).not.toBe(model.actionDigest);
    expect(drill.evidence?.retrieved[0]?.id).not.toBe('invoice-20417');
    expect(drill.history.counterparty?.settled).toBe(1);
    expect(drill.history.principal.actions).toBe(1);
  });

  it('is not the gateway’s: it can neither see nor cancel it', async () => {
    const bank = await settledBank();
    const id = await injectDrill(bank);
    await expect(getTask(bank.gateway, id)).rejects.toMatchObject({ code: 'task_unknown' });
    await expect(cancelEscalation(bank.gateway, id, at(LATER + 63))).rejects.toMatchObject({
      code: 'task_unknown',
    });
  });

  it('expires harmlessly, recorded as a drill that nobody answered and not as expired', async () => {
    const bank = await settledBank();
    const id = await injectDrill(bank);
    expect(await expireEscalation({ tenant: bank.tenant, id }, at(LATER + 3_600))).toBe(true);
    const ended = await getDetail(bank.reviewer, id, at(LATER + 3_601));
    expect(ended.row.state).toBe('drill');
    expect(ended.result?.drill).toMatchObject({ result: 'unanswered', token: null });
    expect((await recordsOf(bank.tenant, 'drill.scored'))[0]?.body).toMatchObject({ result: 'unanswered' });
    const insights = await getInsights(bank.tenant, { days: 7 }, at(LATER + 3_700));
    expect(insights.escalations).toMatchObject({ approved: 1, denied: 0, expired: 0, pending: 0 });
  });
});

describe('a verdict on a drill', () => {
  it.each<[DrillWish['known'], 'approve' | 'deny', string]>([
    ['bad', 'deny', 'right'],
    ['bad', 'approve', 'wrong'],
    ['good', 'approve', 'right'],
    ['good', 'deny', 'wrong'],
  ])('known %s, %s: %s; told at once, and twice alike', async (known, verdict, result) => {
    const bank = await settledBank();
    const id = await injectDrill(bank, { known, recipe: known === 'good' ? 'as-it-was' : 'payee-swapped' });
    const detail = await readEscalationPage(bank.reviewer, id, LATER + 70);
    const request = verdictOn(detail, verdict);
    const done = await decideEscalation(bank.reviewer, id, request, at(LATER + 90));
    expect(done).toMatchObject({ state: 'drill', approval: null, drill: { known, result } });
    expect(done.drill?.token === null).toBe(verdict === 'deny');
    expect((await decideEscalation(bank.reviewer, id, request, at(LATER + 95))).drill).toEqual(done.drill);
    await expect(
      decideEscalation(
        bank.reviewer,
        id,
        { ...request, reasonText: 'Another reason altogether.' },
        at(LATER + 96),
      ),
    ).rejects.toMatchObject({ code: 'already_decided' });
  });

  it('opens the seal that was in the log before it appeared', async () => {
    const bank = await settledBank();
    const id = await injectDrill(bank);
    await answer(bank, id, 'deny');
    const [seal] = await recordsOf(bank.tenant, 'drill.injected');
    const [score] = await recordsOf(bank.tenant, 'drill.scored');
    const body = score?.body as Record<
      'drill_id' | 'instance' | 'recipe' | 'model' | 'salt' | 'commitment',
      string
    > & { known: 'good' | 'bad' };
    const salt = parseBase64url(body.salt);
    const opening = {
      drill: body.drill_id,
      instance: body.instance,
      known: body.known,
      recipe: body.recipe,
      model: body.model,
    };
    expect(salt.ok && commitDrill(opening, salt.value)).toBe(seal?.body.commitment);
    expect(commitDrill({ ...opening, known: 'good' }, salt.ok ? salt.value : new Uint8Array())).not.toBe(
      body.commitment,
    );
    expect(seal?.seq).toBeLessThan(
      (await recordsOf(bank.tenant, 'escalation')).find((each) => each.id === id)?.seq ?? 0,
    );
    expect((await getDetail(bank.reviewer, id, at(LATER + 99))).instance).toBe(body.instance);
  });

  it('enters no review, no approval, no budget and no rate', async () => {
    const bank = await settledBank();
    const before = await getInsights(bank.tenant, { days: 7 }, at(LATER + 60));
    const id = await injectDrill(bank, { known: 'good', recipe: 'as-it-was' });
    const uses = async () =>
      (await getPool().query('SELECT 1 FROM action_uses WHERE tenant = $1', [bank.tenant])).rowCount;
    const used = await uses();
    await answer(bank, id, 'approve');
    const after = await getInsights(bank.tenant, { days: 7 }, at(LATER + 100));
    expect(after).toEqual(before);
    expect(await uses()).toBe(used);
    expect(await recordsOf(bank.tenant, 'review')).toHaveLength(1);
    expect(await recordsOf(bank.tenant, 'approval.issued')).toHaveLength(1);
  });

  it('two in the same instant: one is scored, the other is told that it ended', async () => {
    const bank = await settledBank();
    const other = await bank.person(['reviewer']);
    const id = await injectDrill(bank);
    const details = [
      await readEscalationPage(bank.reviewer, id, LATER + 70),
      await readEscalationPage(other, id, LATER + 70),
    ];
    const results = await Promise.allSettled(
      [bank.reviewer, other].map((person, index) =>
        decideEscalation(person, id, verdictOn(details[index] as EscalationDetail, 'deny'), at(LATER + 90)),
      ),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'escalation_ended' },
    });
    expect(await recordsOf(bank.tenant, 'drill.scored')).toHaveLength(1);
  });
});

describe('who may plan one', () => {
  it.each<['reviewer' | 'senior_reviewer' | 'admin' | 'auditor']>([
    ['reviewer'],
    ['senior_reviewer'],
    ['admin'],
    ['auditor'],
  ])('not a %s', async (role) => {
    const bank = await createOrganisation();
    const person = await bank.person([role]);
    await expect(planDrillByHand(person, { known: 'bad', withinMinutes: 1 }, at(0))).rejects.toMatchObject({
      code: 'role_required',
    });
  });

  it('not from another organisation’s case, nor without any', async () => {
    const bank = await settledBank();
    const elsewhere = await createOrganisation();
    const officer = await elsewhere.person(['compliance']);
    for (const model of [bank.model, undefined]) {
      await expect(
        planDrillByHand(officer, { known: 'bad', model, withinMinutes: 1 }, at(LATER)),
      ).rejects.toMatchObject({ code: 'drill_impossible' });
    }
    expect(await recordsOf(elsewhere.tenant, 'drill.injected')).toEqual([]);
  });
});

describe('the policy’s rate', () => {
  const plan = (bank: DrillBank, random: number) =>
    planByPolicy(bank.tenant, { ...at(LATER), random: () => random });
  it('plans none unless the policy says so', async () => {
    expect(await plan(await settledBank(), 0)).toBeNull();
    expect(await plan(await settledBank({ drills: { perHundred: 0 } }), 0)).toBeNull();
  });

  it('waits for the share of real cases, plans one at a time, and none while much waits', async () => {
    const bank = await settledBank({ drills: { perHundred: 20, skipWhenWaiting: 6 } });
    expect(await plan(bank, 0)).toBeNull();
    for (let n = 0; n < 4; n++) await submitPayment(bank);
    expect(await plan(bank, 0.9)).toBeNull();
    const [first, second] = await Promise.all([plan(bank, 0.2), plan(bank, 0.2)]);
    expect([first, second].filter((id) => id !== null)).toHaveLength(1);
    expect(await plan(bank, 0)).toBeNull();
  });
});

describe('a drill’s token is refused everywhere', () => {
  let bank: DrillBank;
  let token: string;
  let id: string;
  let action: ReturnType<typeof largePayment>;
  beforeAll(async () => {
    bank = await settledBank();
    id = await injectDrill(bank, { known: 'bad', recipe: 'guardrail-ignored' });
    const detail = await getDetail(bank.reviewer, id, at(LATER + 63));
    const parsed = parseAction(JSON.parse(detail.actionJson));
    if (!parsed.ok) throw new Error(parsed.code);
    action = parsed.value;
    token = (await answer(bank, id, 'approve')).drill?.token ?? '';
  });
  const claimsOf = (text: string) =>
    JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown> & {
      jti: string;
    };
  /** The drill's claims under a header and key that an attacker chose. */
  const forge = async (header: { typ: string; kid: string }, claims: object = {}) => {
    const { signEd25519 } = await import('@/lib/core/ed25519');
    const { formatCanonicalJson } = await import('@/lib/core/json');
    const input = `${formatBase64url(utf8(JSON.stringify({ alg: 'Ed25519', ...header })))}.${formatBase64url(utf8(formatCanonicalJson({ ...claimsOf(token), ...claims } as JsonValue)))}`;
    return `${input}.${formatBase64url(signEd25519(getSigningKey('drill').seed, utf8(input)))}`;
  };
  const asIs = async () => token;
  const cases: [string, () => Promise<string>][] = [
    ['as it was given', asIs],
    ['retyped as an approval', () => forge({ typ: 'approval+jwt', kid: getSigningKey('drill').keyid })],
    [
      'retyped and made out to the gateway',
      () =>
        forge(
          { typ: 'approval+jwt', kid: getSigningKey('drill').keyid },
          { aud: bank.gateway.producerId, cnf: { jkt: bank.gateway.keyid } },
        ),
    ],
    ['naming the approval key', () => forge({ typ: 'approval+jwt', kid: getSigningKey('approval').keyid })],
  ];

  it('is one: another type, key and audience than an approval', () => {
    const [header] = token.split('.');
    expect(JSON.parse(Buffer.from(header ?? '', 'base64url').toString())).toEqual({
      alg: 'Ed25519',
      typ: 'drill+jwt',
      kid: getSigningKey('drill').keyid,
    });
    expect(getSigningKey('drill').keyid).not.toBe(getSigningKey('approval').keyid);
    expect(claimsOf(token)).toMatchObject({ aud: `urn:countersign:drill:${bank.tenant}`, task_id: id });
    expect(parseToken(token)).toMatchObject({ ok: false, code: 'token_type' });
  });

  it.each(cases)('by redemption: %s', async (_, make) => {
    const forged = await make();
    await expect(
      redeemApproval(
        bank.gateway,
        claimsOf(forged).jti,
        { token: forged, action: { ...action } },
        at(LATER + 91),
      ),
    ).rejects.toMatchObject({ code: 'signature_invalid' });
  });

  it.each(cases)('by whoever verifies with the console’s keys: %s', async (_, make) => {
    const keys = await listApprovalKeys();
    const nowMs = T0 + (LATER + 91) * 1_000;
    const expected = { keys, audience: bank.gateway.producerId, nowMs, action };
    expect(verifyToken(await make(), expected)).toMatchObject({ ok: false, code: 'signature_invalid' });
    const ownAudience = {
      ...expected,
      audience: `urn:countersign:drill:${bank.tenant}`,
      thumbprint: getSigningKey('drill').keyid,
    };
    expect(verifyToken(await make(), ownAudience)).toMatchObject({ ok: false, code: 'signature_invalid' });
  });

  it('even where the drill key were pinned by mistake, its audience and redeeming key are nobody’s', async () => {
    const { publicKey, keyid } = getSigningKey('drill');
    const keys = [{ kid: keyid, publicKey }];
    const nowMs = T0 + (LATER + 91) * 1_000;
    const retyped = await forge({ typ: 'approval+jwt', kid: keyid });
    expect(
      verifyToken(retyped, {
        keys,
        audience: bank.gateway.producerId,
        thumbprint: bank.gateway.keyid,
        nowMs,
        action,
      }),
    ).toMatchObject({ code: 'audience_mismatch' });
    expect(
      verifyToken(token, {
        keys,
        audience: bank.gateway.producerId,
        thumbprint: bank.gateway.keyid,
        nowMs,
        action,
      }),
    ).toMatchObject({ code: 'signature_invalid' });
  });

  it('by the gateway’s client', async () => {
    const gateway = createGateway({
      origin: 'http://console.test',
      producerId: bank.gateway.producerId,
      seed: new Uint8Array(32).fill(7),
      jwks: {
        keys: (await listApprovalKeys()).map(({ kid, publicKey }) => ({
          kty: 'OKP',
          crv: 'Ed25519',
          alg: 'Ed25519',
          use: 'sig',
          kid,
          x: formatBase64url(publicKey),
        })),
      },
      outbox: createMemoryOutbox({}),
    });
    for (const [, make] of cases) expect(gateway.verify(await make(), action)).toMatchObject({ ok: false });
  });

  it('has no approval behind it: nothing to revoke, to report on or to issue', async () => {
    const { jti } = claimsOf(token);
    const senior = await bank.person(['senior_reviewer']);
    await expect(revokeApproval(senior, jti, 'test', at(LATER + 92))).rejects.toMatchObject({
      code: 'unknown_approval',
    });
    await expect(
      reportOutcome(bank.gateway, jti, { state: 'not_forwarded', downstream: [] }, at(LATER + 92)),
    ).rejects.toMatchObject({ code: 'unknown_approval' });
    await expect(
      storeApproval(
        getPool(),
        approvalOf({
          id: jti,
          tenant: bank.tenant,
          escalation: id,
          kid: 'k',
          claims: claimsSchema.parse(claimsOf(token)),
        }),
      ),
    ).rejects.toThrow('a drill approves nothing');
    expect(claimsOf(token)).toMatchObject({
      authorization_details: [{ action_digest: actionDigest(action) }],
    });
  });
});
