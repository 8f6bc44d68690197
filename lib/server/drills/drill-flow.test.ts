import { describe, expect, it } from 'vitest';
import { formatInstant } from '@/lib/core/instant';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import type { Action } from '@/lib/tokens/action';
import { getPool } from '../database/pool';
import { delegateAuthority } from '../delegations/delegate';
import { expireEscalation } from '../escalations/expire';
import { getDetail } from '../escalations/get-detail';
import { getTask } from '../escalations/get-task';
import { narrowEscalation } from '../escalations/narrow';
import { raiseDue } from '../escalations/raise';
import {
  ANY,
  at,
  largePayment,
  readEscalationPage,
  recordsOf,
  reviewPolicy,
  submitPayment,
  T0,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { addComment } from '../flow/add-comment';
import { answerAsGateway, answerAsOwner } from '../flow/answer-information';
import { askInformation } from '../flow/ask-information';
import { deferEscalation } from '../flow/defer';
import { recordImpression } from '../flow/record-impression';
import { linkPerson } from '../identity/link-person';
import { PASSKEY_ORIGIN, registerDevice } from '../passkeys/testing/test-device';
import { publishPolicy } from '../policies/publish-policy';
import { claimEscalation } from '../reviews/claim';
import { decideEscalation } from '../reviews/decide';
import { decideBulk } from '../reviews/decide-bulk';
import { openBulk } from '../reviews/open-bulk';
import { prepareVerdict } from '../reviews/prepare';
import { startTestConsole } from '../testing/test-console';
import { type DrillBank, injectDrill, LATER, settledBank } from './testing/drill-fixture';

await startTestConsole();
process.env.COUNTERSIGN_ORIGIN = PASSKEY_ORIGIN;

const scoreOf = async (bank: DrillBank) =>
  (await recordsOf(bank.tenant, 'drill.scored')).map(({ body }) => body);
/** What a page is given, without what differs between any two cases. */
const keysOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.slice(0, 1).map(keysOf)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, keysOf(each)]))
      : typeof value;

/** A real case beside the drill, of the same agent and with the same kind of evidence. */
const realBeside = async (bank: DrillBank) => {
  const task = await submitPayment(bank, largePayment('18500.00', 'acct-99'), {
    evidence: {
      agentSaid: 'The invoice matches the order.',
      retrieved: [{ id: 'invoice-2', mediaType: 'text/plain', text: 'Please pay INR 18,500.00.' }],
      guardrails: [{ name: 'sanctions', version: '3', verdict: 'pass', score: '0.02' }],
    },
  });
  // The fixture submits at the beginning of the test's clock; this one came with the drill.
  await getPool().query('UPDATE escalations SET created_at = $2, expires_at = $3 WHERE id = $1', [
    task.id,
    new Date(T0 + LATER * 1_000),
    new Date(T0 + (LATER + 1_800) * 1_000),
  ]);
  return task;
};

describe('what is done around a drill neither reveals nor breaks it', () => {
  it('a question to the agent’s owner is asked, waits and is answered as of a real case; then it is scored', async () => {
    const bank = await settledBank();
    const [id, real] = [await injectDrill(bank), await realBeside(bank)];
    const asked = await askInformation(bank.reviewer, id, 'Which order is this for?', at(LATER + 64));
    await askInformation(bank.reviewer, real.id, 'Which order is this for?', at(LATER + 64));
    const [drill, known] = [
      await getDetail(bank.reviewer, id, at(LATER + 65)),
      await getDetail(bank.reviewer, real.id, at(LATER + 65)),
    ];
    expect(keysOf(drill.flow)).toEqual(keysOf(known.flow));
    expect(drill.row.version).toBe(known.row.version);
    expect(JSON.stringify(drill)).not.toMatch(/drill|drl_|practice/i);
    await expect(getTask(bank.gateway, id)).rejects.toMatchObject({ code: 'task_unknown' });
    const answer = { information_id: asked, answer: 'Order 4471.' };
    await expect(answerAsGateway(bank.gateway, id, answer, at(LATER + 66))).rejects.toMatchObject({
      code: 'task_unknown',
    });
    const owner = await bank.person(['reviewer']);
    await linkPerson({
      tenant: bank.tenant,
      person: owner.person.id,
      kind: 'agent',
      value: drill.row.agent,
      linkedBy: 'test',
    });
    await answerAsOwner(owner, id, answer, at(LATER + 66));
    const read = await readEscalationPage(bank.reviewer, id, LATER + 70);
    const done = await decideEscalation(bank.reviewer, id, verdictOn(read, 'deny'), at(LATER + 90));
    expect(done).toMatchObject({ state: 'drill', drill: { result: 'right' } });
  });

  it('narrowed, it ends as a drill that nobody answered, with no successor and nothing evaluated', async () => {
    const bank = await settledBank();
    const id = await injectDrill(bank);
    const detail = await readEscalationPage(bank.reviewer, id, LATER + 70);
    const count = async () =>
      (
        await getPool().query<{ e: number; v: number }>(
          `SELECT (SELECT count(*)::int FROM escalations WHERE tenant = $1) AS e,
                  (SELECT count(*)::int FROM evaluations WHERE tenant = $1) AS v`,
          [bank.tenant],
        )
      ).rows[0];
    const before = await count();
    const action = JSON.parse(detail.actionJson) as Action;
    const edited = {
      ...action,
      action: { ...action.action, properties: { ...action.action.properties, amount: '900.00' } },
    };
    const request = { action: edited, actionDigest: detail.actionDigest, version: detail.row.version };
    const { successor } = await narrowEscalation(bank.reviewer, id, request, at(LATER + 85));
    expect(successor).toBe(id);
    expect(await count()).toEqual(before);
    const ended = await getDetail(bank.reviewer, id, at(LATER + 86));
    expect(ended).toMatchObject({
      row: { state: 'drill' },
      flow: { supersededBy: null },
      result: { drill: { result: 'unanswered', token: null } },
    });
    expect(await scoreOf(bank)).toMatchObject([{ result: 'unanswered' }]);
    expect(
      (await recordsOf(bank.tenant, 'escalation')).filter(({ body }) => body.state === 'superseded'),
    ).toEqual([]);
    await expect(
      decideEscalation(bank.reviewer, id, verdictOn(detail, 'deny'), at(LATER + 90)),
    ).rejects.toMatchObject({ code: 'escalation_ended' });
  });

  it('in a set of several it is listed like the others and scored by itself', async () => {
    const bank = await settledBank();
    const ids = [await injectDrill(bank), (await realBeside(bank)).id];
    const items = await openBulk(bank.reviewer, ids, at(LATER + 63));
    expect(keysOf(items[0])).toEqual(keysOf(items[1]));
    const said = {
      verdict: 'deny',
      reasonCode: 'looks-manipulated',
      reasonText: 'The payee was never used.',
    } as const;
    const seen = items.map(({ id, actionDigest, displayDigest, instance, version }) => ({
      id,
      actionDigest,
      displayDigest,
      instance,
      version,
    }));
    const results = await decideBulk(bank.reviewer, { ...said, items: seen }, at(LATER + 66));
    expect(results.map((each) => each.ok && each.answer.state)).toEqual(['drill', 'denied']);
    expect(await scoreOf(bank)).toMatchObject([{ result: 'right', escalation_id: ids[0] }]);
    expect(await recordsOf(bank.tenant, 'review')).toHaveLength(2);
  });

  it('commented on and put aside, it comes back, expires unanswered, and keeps its comments', async () => {
    const bank = await settledBank();
    const [id, real] = [await injectDrill(bank), await realBeside(bank)];
    const shown: EscalationDetail[] = [];
    for (const each of [id, real.id]) {
      await addComment(
        bank.reviewer,
        each,
        { text: 'Seen this payee before?', carriesVerdict: false },
        at(LATER + 63),
      );
      const until = formatInstant(T0 + (LATER + 300) * 1_000);
      await deferEscalation(bank.reviewer, each, { until, onInformation: false }, at(LATER + 64));
      shown.push(await getDetail(bank.reviewer, each, at(LATER + 65)));
    }
    expect(keysOf(shown[0]?.flow.comments)).toEqual(keysOf(shown[1]?.flow.comments));
    expect(shown[0]?.row.deferral).toEqual(shown[1]?.row.deferral);
    expect((await getDetail(bank.reviewer, id, at(LATER + 301))).row.deferral).toBeNull();
    await expireEscalation({ tenant: bank.tenant, id }, at(LATER + 3_600));
    const ended = await getDetail(bank.reviewer, id, at(LATER + 3_601));
    expect(ended).toMatchObject({ row: { state: 'drill' }, result: { drill: { result: 'unanswered' } } });
    expect(ended.flow.comments).toHaveLength(1);
  });

  it('nobody takes it in time: it goes to the higher authority like a real one, whose verdict is scored', async () => {
    const bank = await settledBank({}, { escalateAfterMinutes: 5 });
    const senior = await bank.person(['senior_reviewer']);
    const id = await injectDrill(bank);
    await getPool().query("UPDATE escalations SET raise_check_at = 'epoch' WHERE id = $1", [id]);
    expect(await raiseDue({ ...at(LATER + 61 + 360), tenant: bank.tenant })).toBe(1);
    const detail = await readEscalationPage(senior, id, LATER + 430);
    expect(JSON.stringify(detail)).not.toMatch(/drill|drl_|practice/i);
    const done = await decideEscalation(senior, id, verdictOn(detail, 'deny'), at(LATER + 450));
    expect(done).toMatchObject({ state: 'drill', drill: { result: 'right' } });
  });

  it('claimed and not begun, it is put back at a limit as a real one is', async () => {
    const bank = await settledBank({ load: { decisionsPerHour: 1, activeMinutes: 90 } });
    const [id, real] = [await injectDrill(bank), await realBeside(bank)];
    await claimEscalation(bank.reviewer, id, at(LATER + 63));
    const detail = await readEscalationPage(bank.reviewer, real.id, LATER + 70);
    await decideEscalation(bank.reviewer, real.id, verdictOn(detail, 'deny'), at(LATER + 90));
    const next = await bank.person(['reviewer']);
    expect((await claimEscalation(next, id, at(LATER + 91))).lease).toMatchObject({ mine: true });
    const put = await getPool().query("SELECT escalation FROM attention_events WHERE kind = 'put_back'");
    expect(put.rows).toContainEqual({ escalation: id });
  });
});

it('a machine’s recommendation that the model came with comes with the drill, after the own first impression', async () => {
  const said = 'Pay invoice-20417: the payee is known.';
  const bank = await settledBank(
    {},
    {},
    {
      recommendation: {
        model: { provider: 'example', name: 'second-look', version: '3' },
        verdict: 'approve',
        rationale: said,
      },
    },
  );
  const id = await injectDrill(bank);
  const before = await readEscalationPage(bank.reviewer, id, LATER + 63);
  expect(before.flow.recommendation).toEqual({ state: 'hidden' });
  await recordImpression(bank.reviewer, id, 'deny', at(LATER + 74));
  const after = await getDetail(bank.reviewer, id, at(LATER + 75));
  expect(after.flow.recommendation).toMatchObject({
    state: 'shown',
    words: { verdict: 'approve', rationale: expect.stringMatching(/^Pay invoice-\d{5}: /) },
  });
  // It names the drill's own occasion, as the evidence does, and not the past one.
  expect(JSON.stringify(after.flow.recommendation)).toContain(after.evidence?.retrieved[0]?.id);
  expect(JSON.stringify(after.flow.recommendation)).not.toContain('invoice-20417');
});

describe('a verdict on a drill under', () => {
  it('a passkey: prepared, signed and recorded like a real one, and demanded like of a real one', async () => {
    const bank = await settledBank();
    const { reviewer, tenant } = bank;
    const policy = reviewPolicy();
    const text = JSON.stringify({
      ...policy,
      review: { ...policy.review, passkey: { bounded: 'approval' } },
    });
    await publishPolicy({ tenant, text, publishedBy: 'test' }, at(LATER - 60));
    const { device } = await registerDevice(reviewer, {}, at(0));
    const id = await injectDrill(bank);
    const detail = await readEscalationPage(reviewer, id, LATER + 70);
    const request = verdictOn(detail, 'approve');
    await expect(decideEscalation(reviewer, id, request, at(LATER + 84))).rejects.toMatchObject({
      code: 'passkey_required',
    });
    const prepared = await prepareVerdict(reviewer, id, request, at(LATER + 85));
    expect(prepared.statement).not.toMatch(/drill|drl_|practice/i);
    const done = await decideEscalation(
      reviewer,
      id,
      { ...request, passkey: device.sign(prepared.options) },
      at(LATER + 90),
    );
    expect(done).toMatchObject({ state: 'drill', approval: null, drill: { result: 'wrong' } });
    expect(await scoreOf(bank)).toMatchObject([
      { method: 'passkey', statement: { reviewer: reviewer.person.id }, passkey: expect.anything() },
    ]);
  });

  it('lent authority: scored to who decided, and the statement says whose authority it was', async () => {
    const bank = await settledBank();
    const lender = await bank.person(['senior_reviewer', 'reviewer']);
    const guest = await bank.person(['reviewer'], { ...ANY, limits: [{ amount: '1', currency: 'INR' }] });
    const { id: delegation } = await delegateAuthority(
      lender,
      {
        to: guest.person.id,
        authority: null,
        from: formatInstant(T0 + LATER * 1_000),
        until: formatInstant(T0 + (LATER + 3_600) * 1_000),
        reasonCode: 'leave',
        reasonText: 'Away until the afternoon.',
      },
      at(LATER),
    );
    const id = await injectDrill(bank);
    const detail = await readEscalationPage(guest, id, LATER + 70);
    expect(detail.may).toMatchObject({ decide: true, onBehalfOf: { delegation } });
    const done = await decideEscalation(guest, id, verdictOn(detail, 'deny'), at(LATER + 90));
    expect(done).toMatchObject({ state: 'drill', drill: { result: 'right' } });
    expect(await scoreOf(bank)).toMatchObject([
      {
        statement: {
          reviewer: guest.person.id,
          delegation: { id: delegation, on_behalf_of: lender.person.id },
        },
      },
    ]);
    const told = await getPool().query('SELECT person FROM drill_scores WHERE escalation = $1', [id]);
    expect(told.rows).toEqual([{ person: guest.person.id }]);
  });
});
