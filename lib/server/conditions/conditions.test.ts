import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConditionView } from '@/lib/conditions/condition-view';
import { formatInstant } from '@/lib/core/instant';
import { type Action, actionDigest } from '@/lib/tokens/action';
import { redeemApproval } from '../approvals/redeem';
import { getPool } from '../database/pool';
import { getFrame } from '../escalations/get-frame';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  recordsOf,
  reviewPolicy,
  submitPayment,
  T0,
  type TestOrganisation,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { openLog } from '../log/open-log';
import { sequence } from '../log/sequence';
import { retireProducerKey } from '../producers/retire-producer-key';
import { newId } from '../random';
import { ingestRecords } from '../records/ingest';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, type TestProducer, testDecisionBody } from '../testing/test-producer';
import { listConditions } from './list-conditions';
import { recheckCondition } from './recheck-condition';
import { resolveCondition } from './resolve-condition';
import { sweepConditions } from './sweep-conditions';

const { owner } = await startTestConsole();
let bank: TestOrganisation;
let agent: TestProducer;

const two = { quorum: [{ role: 'reviewer' as const, count: 2 }] };

beforeAll(() => openLog());
beforeEach(async () => {
  bank = await createOrganisation();
  agent = await createTestProducer(bank.tenant);
});

type Body = Record<'identity' | 'output', Record<string, unknown> & Record<string, Record<string, unknown>>>;

/** The decision record that fits this action, changed as a test wants it. */
function decisionAbout(action: Action, change: (body: Body) => void = () => {}): Record<string, unknown> {
  const body = testDecisionBody() as unknown as Body;
  body.identity.principal = action.context.principal as Record<string, unknown>;
  body.output.action = {
    ...body.output.action,
    name: action.action.name,
    action_digest: actionDigest(action),
  };
  body.output.outcome = {
    verdict: 'escalate',
    source: 'gateway',
    control: 'threshold',
    rule: 'large',
    reason_code: 'amount_above',
  };
  change(body);
  return body as unknown as Record<string, unknown>;
}

const record = (id: string, body: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  agent.record({ id, occurred_at: formatInstant(T0 - 500), body, ...more });

async function ingest(...records: Uint8Array[]): Promise<void> {
  const results = await ingestRecords(null, records);
  expect(results.map(({ status }) => status)).not.toContain('refused');
}

interface Asked {
  action: Action;
  decision: string;
  task: string;
}

async function ask(
  change?: (body: Body) => void,
  more?: Record<string, unknown>,
  organisation = bank,
): Promise<Asked> {
  const action = largePayment();
  const decision = newId('dec');
  await ingest(record(decision, decisionAbout(action, change), more));
  const { id } = await submitPayment(organisation, action, { decision_id: decision });
  return { action, decision, task: id };
}

async function approve({ task }: Asked, organisation = bank) {
  const reviewer = await organisation.person(['reviewer']);
  const detail = await readEscalationPage(reviewer, task);
  return decideEscalation(reviewer, task, verdictOn(detail, 'approve'), at(20));
}

async function approved(asked: Asked) {
  const { approval } = await approve(asked);
  if (!approval) throw new Error('not approved');
  return {
    ...approval,
    redeem: (seconds = 25) =>
      redeemApproval(bank.gateway, approval.id, { token: approval.token, action: asked.action }, at(seconds)),
  };
}

const open = async () => (await listConditions(bank.tenant)).filter(({ resolvedAt }) => resolvedAt === null);
const codes = (views: readonly ConditionView[]) => views.map(({ code, scope }) => `${code} ${scope}`);
const compliance = () => bank.person(['compliance']);
const because = (resolution: 'cleared' | 'accepted' | 'abandoned') => ({
  resolution,
  reasonCode: 'evidence-restored' as const,
  reasonText: 'Restored from the backup of this morning.',
});
const flip = (column: 'envelope' | 'link', id: string) =>
  owner.query(
    `UPDATE records SET ${column} = set_byte(${column}, 60, get_byte(${column}, 60) # 1) WHERE id = $1`,
    [id],
  );

describe('an action whose evidence is whole', () => {
  it('is approved and redeemed, with and without a decision record, before and after the log covers it', async () => {
    const token = await approved(await ask());
    await sequence({ force: true });
    expect(await token.redeem()).toMatchObject({ approval_id: token.id });
    const bare = await approved({ action: largePayment(), decision: '', task: '' }).catch(() => null);
    expect(bare).toBeNull();
    const action = largePayment();
    const { id } = await submitPayment(bank, action);
    expect(await (await approved({ action, decision: '', task: id })).redeem()).toBeDefined();
    expect(await listConditions(bank.tenant)).toEqual([]);
  });
});

describe('stops the token at issue, and records why', () => {
  const rows: [string, string, () => Promise<Asked>, RegExp][] = [
    [
      'the decision that was named never arrived',
      'continuity_missing',
      async () => {
        const action = largePayment();
        const { id } = await submitPayment(bank, action, { decision_id: 'dec_lost' });
        return { action, decision: 'dec_lost', task: id };
      },
      /decision:dec_lost/,
    ],
    ['the producer skipped numbers', 'continuity_missing', () => ask(undefined, { seq: 9 }), /stream:spiffe/],
    [
      'a byte of the decision was changed',
      'chain_invalid',
      async () => {
        const asked = await ask();
        await flip('envelope', asked.decision);
        return asked;
      },
      /record:spiffe.*#1/,
    ],
    [
      'the record after it was rewritten with its link',
      'chain_invalid',
      async () => {
        const asked = await ask();
        const later = newId('dec');
        await ingest(record(later, testDecisionBody()));
        await flip('link', later);
        return asked;
      },
      /record:spiffe.*#1/,
    ],
    [
      'the leaf in the log is another',
      'chain_invalid',
      async () => {
        const asked = await ask();
        await sequence({ force: true });
        await owner.query(
          'UPDATE entries SET leaves = set_byte(leaves, 0, get_byte(leaves, 0) # 1) WHERE stream = $1 AND position = 1',
          [agent.id],
        );
        return asked;
      },
      /record:spiffe.*#1/,
    ],
    [
      'the decision’s record was deleted',
      'chain_invalid',
      async () => {
        const asked = await ask();
        await owner.query('DELETE FROM records WHERE id = $1', [asked.decision]);
        return asked;
      },
      /record:spiffe.*#1/,
    ],
    [
      'a parent is nowhere',
      'lineage_hole',
      () =>
        ask((body) => {
          (body.identity as { parents: unknown }).parents = ['dec_elsewhere'];
        }),
      /decision:dec_elsewhere/,
    ],
    [
      'the policy’s text was changed under its digest',
      'authorisation_unverifiable',
      async () => {
        const asked = await ask();
        await owner.query(`UPDATE policies SET document = document || ' ' WHERE tenant = $1`, [bank.tenant]);
        return asked;
      },
      /escalation:esc_/,
    ],
    [
      'another agent made the decision',
      'attribution_failed',
      () =>
        ask((body) => {
          body.identity.agent = { id: 'somebody-else', name: 'Else', version: '1' };
        }),
      /escalation:esc_/,
    ],
    [
      'the decision was for another principal',
      'attribution_failed',
      () =>
        ask((body) => {
          body.identity.principal = { type: 'customer', token: `tok_${'0'.repeat(32)}` };
        }),
      /escalation:esc_/,
    ],
    [
      'the gateway’s key was retired since it asked',
      'attribution_failed',
      async () => {
        const asked = await ask();
        const { producerId: producer, keyid } = bank.gateway;
        await retireProducerKey({ tenant: bank.tenant, producer, keyid, by: 'test' }, at(2));
        return asked;
      },
      /escalation:esc_/,
    ],
    [
      'the signer’s key belongs to another producer now',
      'attribution_failed',
      async () => {
        const asked = await ask();
        await owner.query('UPDATE producer_keys SET producer = $2 WHERE keyid = $1', [
          agent.keyid,
          bank.otherGateway.producerId,
        ]);
        return asked;
      },
      /escalation:esc_/,
    ],
    [
      'the decision’s record speaks of another action',
      'evidence_inconsistent',
      () =>
        ask((body) => {
          (body.output.action as Record<string, unknown>).action_digest = actionDigest(largePayment());
        }),
      /escalation:esc_/,
    ],
    [
      'the decision’s record says it was allowed',
      'evidence_inconsistent',
      () =>
        ask((body) => {
          (body.output.outcome as Record<string, unknown>).verdict = 'allow';
        }),
      /escalation:esc_/,
    ],
    [
      'the decision’s record rests on another evaluation',
      'evidence_inconsistent',
      () =>
        ask((body) => {
          (body.output.outcome as Record<string, unknown>).evaluation_id = newId('evl');
        }),
      /escalation:esc_/,
    ],
    [
      'two records claim to be the decision',
      'evidence_inconsistent',
      async () => {
        const asked = await ask();
        const twin = await createTestProducer(bank.tenant);
        await ingest(
          twin.record({
            id: asked.decision,
            occurred_at: formatInstant(T0 - 400),
            body: decisionAbout(asked.action),
          }),
        );
        return asked;
      },
      /escalation:esc_/,
    ],
    [
      'another decision claims the escalation',
      'evidence_inconsistent',
      async () => {
        const asked = await ask();
        const body = decisionAbout(asked.action);
        await ingest(record(newId('dec'), { ...body, review: { escalation_id: asked.task, reviewers: [] } }));
        return asked;
      },
      /escalation:esc_/,
    ],
    [
      'the action was carried out before anybody approved it',
      'evidence_inconsistent',
      async () => {
        const asked = await ask();
        await ingest(
          agent.record({
            kind: 'action.outcome',
            id: `${asked.decision}.outcome`,
            body: { decision_id: asked.decision, state: 'forwarded', downstream: [] },
          }),
        );
        return asked;
      },
      /escalation:esc_/,
    ],
    [
      'the escalation’s row was changed under its record',
      'evidence_inconsistent',
      async () => {
        const asked = await ask();
        await owner.query(`UPDATE escalations SET tool = 'pay_more' WHERE id = $1`, [asked.task]);
        return asked;
      },
      /escalation:esc_/,
    ],
    [
      'the evaluation was of another action',
      'evidence_inconsistent',
      async () => {
        const asked = await ask();
        await owner.query(
          'UPDATE evaluations SET action_digest = $2 WHERE id = (SELECT evaluation FROM escalations WHERE id = $1)',
          [asked.task, actionDigest(largePayment())],
        );
        return asked;
      },
      /escalation:esc_/,
    ],
  ];

  it.each(rows)('%s → %s', async (_attack, code, arrange, scope) => {
    const asked = await arrange();
    await expect(approve(asked)).rejects.toMatchObject({ code });
    const approvals = await getPool().query('SELECT 1 FROM approvals WHERE escalation = $1', [asked.task]);
    expect(approvals.rowCount).toBe(0);
    const [first] = await open();
    const found = (await open()).find((one) => one.code === code && scope.test(one.scope));
    expect(found, JSON.stringify(first)).toMatchObject({ escalation: asked.task });
    const incidents = await recordsOf(bank.tenant, 'incident');
    expect(incidents.filter(({ body }) => body.condition_id === found?.id)).toHaveLength(1);
    const auditor = await bank.person(['auditor']);
    expect((await getFrame(auditor, at(21))).integrity.state).toBe('invalid');
    const before = await open();
    await expect(approve(asked)).rejects.toMatchObject({ code });
    expect(await open()).toEqual(before);
    expect((await recordsOf(bank.tenant, 'incident')).length).toBe(incidents.length);
    const denier = await bank.person(['reviewer']);
    const detail = await readEscalationPage(denier, asked.task, 30);
    expect(await decideEscalation(denier, asked.task, verdictOn(detail, 'deny'), at(50))).toMatchObject({
      state: 'denied',
    });
  });

  it('an earlier approval of the quorum that was altered → chain_invalid, and another text under its digest → authorisation_unverifiable', async () => {
    bank = await createOrganisation(reviewPolicy({ review: { ...reviewPolicy().review, ...two } }));
    agent = await createTestProducer(bank.tenant);
    const asked = await ask();
    expect(await approve(asked)).toMatchObject({ state: 'pending' });
    const review = await getPool().query<{ id: string }>('SELECT id FROM reviews WHERE escalation = $1', [
      asked.task,
    ]);
    const id = review.rows[0]?.id as string;
    await flip('envelope', id);
    await expect(approve(asked)).rejects.toMatchObject({ code: 'chain_invalid' });
    await flip('envelope', id);
    await owner.query(
      `UPDATE reviews SET statement = convert_to(replace(convert_from(statement, 'UTF8'), '"approve"', '"deny"'), 'UTF8')
        WHERE id = $1`,
      [id],
    );
    await expect(approve(asked)).rejects.toMatchObject({ code: 'authorisation_unverifiable' });
  });
});

describe('stops the redemption', () => {
  const rows: [string, string, (asked: Asked) => Promise<unknown>][] = [
    ['a byte of the decision was changed', 'chain_invalid', ({ decision }) => flip('envelope', decision)],
    ['the request’s record was changed', 'chain_invalid', ({ task }) => flip('envelope', task)],
    [
      'the producer lost records meanwhile',
      'continuity_missing',
      () => ingest(record(newId('dec'), testDecisionBody(), { seq: 40 })),
    ],
    [
      'the gateway’s own stream has a hole',
      'continuity_missing',
      async () => {
        await getPool().query(
          `INSERT INTO streams (stream, tenant, producer, position, link, last_seq, last_seen_at)
           VALUES ($1, $2, $1, 0, $3, 5, now()) ON CONFLICT DO NOTHING`,
          [bank.gateway.producerId, bank.tenant, randomBytes(64)],
        );
        await getPool().query('INSERT INTO stream_gaps VALUES ($1, 1, 4, now())', [bank.gateway.producerId]);
      },
    ],
    [
      'the action was carried out without the token',
      'evidence_inconsistent',
      ({ decision }) =>
        ingest(
          agent.record({
            kind: 'action.outcome',
            id: `${decision}.outcome`,
            body: { decision_id: decision, state: 'forwarded', downstream: [] },
          }),
        ),
    ],
    [
      'the review was swapped for a denial under the same digest',
      'authorisation_unverifiable',
      ({ task }) =>
        owner.query(
          `UPDATE reviews SET statement = convert_to(replace(convert_from(statement, 'UTF8'), '"approve"', '"deny"'), 'UTF8')
            WHERE escalation = $1`,
          [task],
        ),
    ],
  ];

  it.each(rows)('%s → %s', async (_attack, code, tamper) => {
    const asked = await ask();
    const token = await approved(asked);
    await tamper(asked);
    await expect(token.redeem()).rejects.toMatchObject({ code });
    expect((await open()).map((one) => one.code)).toContain(code);
    const spent = await getPool().query('SELECT 1 FROM redemptions WHERE approval = $1', [token.id]);
    expect(spent.rowCount).toBe(0);
  });

  it('a token whose review record does not verify: refused as such, and a condition of that record', async () => {
    const asked = await ask();
    const token = await approved(asked);
    const review = await getPool().query<{ id: string; position: number }>(
      'SELECT id, position FROM reviews WHERE escalation = $1',
      [asked.task],
    );
    const { id, position } = review.rows[0] as { id: string; position: number };
    await flip('envelope', id);
    await expect(token.redeem()).rejects.toMatchObject({ code: 'record_unverifiable' });
    expect(codes(await open())).toEqual([`chain_invalid record:console/${bank.tenant}#${position}`]);
  });
});

describe('recovery is explicit', () => {
  it('restored evidence needs a person to say so: checked again, closed with a reason, recorded', async () => {
    const asked = await ask();
    const token = await approved(asked);
    await flip('envelope', asked.decision);
    await expect(token.redeem()).rejects.toMatchObject({ code: 'chain_invalid' });
    const [condition] = await open();
    const officer = await compliance();
    const id = condition?.id as string;
    expect(await recheckCondition(officer, id)).toMatchObject({ holds: true });
    await expect(resolveCondition(officer, id, because('cleared'))).rejects.toMatchObject({
      code: 'condition_holds',
    });
    await expect(resolveCondition(officer, id, because('accepted'))).rejects.toMatchObject({
      code: 'condition_holds',
    });
    await flip('envelope', asked.decision);
    expect(await recheckCondition(officer, id)).toMatchObject({ holds: false });
    await expect(token.redeem(26)).rejects.toMatchObject({ code: 'chain_invalid' });
    await resolveCondition(officer, id, because('cleared'));
    expect(await token.redeem(27)).toMatchObject({ approval_id: token.id });
    expect(await open()).toEqual([]);
    expect((await listConditions(bank.tenant))[0]).toMatchObject({
      resolution: 'cleared',
      resolvedBy: officer.person.name,
      reasonCode: 'evidence-restored',
    });
    const told = (await recordsOf(bank.tenant, 'verification')).filter(
      ({ body }) => body.condition_id === id,
    );
    expect(told.map(({ body }) => body.resolution ?? body.holds)).toEqual([true, false, 'cleared']);
    expect(JSON.stringify(told)).not.toContain('Restored from the backup');
    await expect(resolveCondition(officer, id, because('cleared'))).rejects.toMatchObject({
      code: 'condition_closed',
    });
  });

  it('a hole can be answered for; a new one cannot hide behind it', async () => {
    const asked = await ask(undefined, { seq: 5 });
    await expect(approve(asked)).rejects.toMatchObject({ code: 'continuity_missing' });
    const [condition] = await open();
    await resolveCondition(await compliance(), condition?.id as string, because('accepted'));
    const token = await approved(asked);
    await ingest(record(newId('dec'), testDecisionBody(), { seq: 9 }));
    await expect(token.redeem()).rejects.toMatchObject({ code: 'continuity_missing' });
    expect((await open())[0]?.detail).toContain('6 to 8');
  });

  it('a hole closes by itself, recorded, when the records arrive late', async () => {
    await ingest(agent.record(), agent.record({ seq: 4 }));
    expect(await sweepConditions()).toEqual({ opened: 1, closed: 0 });
    expect(await sweepConditions()).toEqual({ opened: 0, closed: 0 });
    await ingest(agent.record({ seq: 2 }), agent.record({ seq: 3 }));
    expect(await sweepConditions()).toEqual({ opened: 0, closed: 1 });
    expect(await open()).toEqual([]);
    expect((await listConditions(bank.tenant))[0]).toMatchObject({ resolution: 'cleared', resolvedBy: null });
    const told = await recordsOf(bank.tenant, 'verification');
    expect(told[0]?.body).toMatchObject({ by: 'console', reason_code: 'arrived', resolution: 'cleared' });
  });

  it('a hole that was answered for is not opened again by the sweep', async () => {
    await ingest(agent.record({ seq: 3 }));
    await sweepConditions();
    const [condition] = await open();
    await resolveCondition(await compliance(), condition?.id as string, because('accepted'));
    expect(await sweepConditions()).toEqual({ opened: 0, closed: 0 });
    await ingest(agent.record({ seq: 7 }));
    expect(await sweepConditions()).toEqual({ opened: 1, closed: 0 });
  });

  it('a parent that arrives late fills the hole', async () => {
    const parent = newId('dec');
    const asked = await ask((body) => {
      (body.identity as { parents: unknown }).parents = [parent];
    });
    await expect(approve(asked)).rejects.toMatchObject({ code: 'lineage_hole' });
    await ingest(record(parent, testDecisionBody()));
    expect(await approve(asked)).toMatchObject({ state: 'approved' });
    expect(await sweepConditions()).toEqual({ opened: 0, closed: 1 });
    expect(await open()).toEqual([]);
  });

  it('a contradiction is given up with its action, and only once nothing can be executed on it', async () => {
    const asked = await ask((body) => {
      (body.output.outcome as Record<string, unknown>).verdict = 'allow';
    });
    await expect(approve(asked)).rejects.toMatchObject({ code: 'evidence_inconsistent' });
    const [condition] = await open();
    const id = condition?.id as string;
    const officer = await compliance();
    await expect(resolveCondition(officer, id, because('abandoned'), at(30))).rejects.toMatchObject({
      code: 'condition_holds',
    });
    const reviewer = await bank.person(['reviewer']);
    const detail = await readEscalationPage(reviewer, asked.task, 30);
    await decideEscalation(reviewer, asked.task, verdictOn(detail, 'deny'), at(50));
    await resolveCondition(officer, id, because('abandoned'), at(60));
    expect(await open()).toEqual([]);
  });

  it('is for a compliance officer of the same organisation, with words that say something', async () => {
    await ingest(agent.record({ seq: 3 }));
    await sweepConditions();
    const id = (await open())[0]?.id as string;
    const other = await createOrganisation();
    const attempts = [
      [await bank.person(['reviewer']), because('accepted'), 'role_required'],
      [await bank.person(['admin']), because('accepted'), 'role_required'],
      [await bank.person(['auditor']), because('accepted'), 'role_required'],
      [await other.person(['compliance']), because('accepted'), 'not_found'],
      [await compliance(), { ...because('accepted'), reasonText: '............' }, 'reason_required'],
    ] as const;
    for (const [viewer, request, code] of attempts)
      await expect(resolveCondition(viewer, id, request)).rejects.toMatchObject({ code });
    await expect(recheckCondition(await other.person(['auditor']), id)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('closed by two at once is closed once', async () => {
    await ingest(agent.record({ seq: 3 }));
    await sweepConditions();
    const id = (await open())[0]?.id as string;
    const results = await Promise.allSettled(
      [await compliance(), await compliance()].map((one) => resolveCondition(one, id, because('accepted'))),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await recordsOf(bank.tenant, 'verification')).length).toBe(1);
  });

  it('swept by many at once, a hole opens one condition', async () => {
    await ingest(agent.record({ seq: 3 }));
    await Promise.all(Array.from({ length: 8 }, () => sweepConditions()));
    expect(await open()).toHaveLength(1);
    expect(
      (await recordsOf(bank.tenant, 'incident')).filter(({ body }) => body.code === 'continuity_missing'),
    ).toHaveLength(1);
  });
});
