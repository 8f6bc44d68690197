import { beforeAll, describe, expect, it } from 'vitest';
import type { DecideResponse } from '@/lib/escalations/escalation-view';
import type { Action } from '@/lib/tokens/action';
import { actionDigest } from '@/lib/tokens/action';
import { formatToken, parseToken } from '@/lib/tokens/token';
import { listConditions } from '../conditions/list-conditions';
import { resolveCondition } from '../conditions/resolve-condition';
import { getPool } from '../database/pool';
import { getDetail } from '../escalations/get-detail';
import { getFrame } from '../escalations/get-frame';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  recordsOf,
  reviewPolicy,
  submitPayment,
  type TestOrganisation,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { getSigningKey } from '../keys/key-directory';
import { publishPolicy } from '../policies/publish-policy';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';
import { redeemApproval } from './redeem';
import { reportOutcome } from './report-outcome';
import { revokeApproval } from './revoke';

const testConsole = await startTestConsole();

let bank: TestOrganisation;
beforeAll(async () => {
  bank = await createOrganisation();
});

interface Approved {
  action: Action;
  taskId: string;
  id: string;
  token: string;
  answer: DecideResponse;
}

async function approve(org: TestOrganisation = bank, action = largePayment()): Promise<Approved> {
  const reviewer = await org.person(['reviewer']);
  const task = await submitPayment(org, action);
  const detail = await readEscalationPage(reviewer, task.id);
  const answer = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
  if (!answer.approval) throw new Error('not approved');
  return { action, taskId: task.id, id: answer.approval.id, token: answer.approval.token, answer };
}

const redeem = (
  approved: Approved,
  seconds = 25,
  caller = bank.gateway,
  overrides: { token?: string; action?: Action } = {},
) =>
  redeemApproval(
    caller,
    approved.id,
    { token: approved.token, action: approved.action, ...overrides },
    at(seconds),
  );

async function incidents(org: TestOrganisation, approvalId: string): Promise<unknown[]> {
  return (await recordsOf(org.tenant, 'incident'))
    .filter(({ body }) => body.approval_id === approvalId)
    .map(({ body }) => body.code);
}

/** Another token with the console's own key: what a thief of the key, or a bug, could make. */
function resign(
  token: string,
  change: (claims: Record<string, unknown>) => void,
  purpose: 'approval' | 'drill' = 'approval',
): string {
  const parsed = parseToken(token);
  if (!parsed.ok) throw new Error(parsed.code);
  const claims = structuredClone(parsed.value.claims);
  change(claims as unknown as Record<string, unknown>);
  const key = getSigningKey(purpose);
  return formatToken(claims, { kid: key.keyid, seed: key.seed });
}

describe('redeemApproval', () => {
  it('spends an approval once, takes the budget, journals and answers a receipt', async () => {
    const approved = await approve();
    const receipt = await redeem(approved);
    expect(receipt).toMatchObject({ approval_id: approved.id, action_digest: actionDigest(approved.action) });
    const record = (await recordsOf(bank.tenant, 'approval.redeemed')).find(
      ({ body }) => body.approval_id === approved.id,
    );
    expect(record?.body).toMatchObject({ gateway: bank.gateway.producerId, escalation_id: approved.taskId });
    const uses = await getPool().query(
      'SELECT u.amount FROM action_uses u JOIN escalations e ON e.evaluation = u.evaluation WHERE e.id = $1',
      [approved.taskId],
    );
    expect(uses.rows).toEqual([{ amount: '18500.0000' }]);
  });

  it('200 gateways at once: exactly one succeeds', async () => {
    const approved = await approve();
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => redeem(approved)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const codes = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
    expect(new Set(codes)).toEqual(new Set(['already_redeemed']));
    expect(await incidents(bank, approved.id)).toHaveLength(199);
    const rows = await getPool().query('SELECT 1 FROM redemptions WHERE approval = $1', [approved.id]);
    expect(rows.rowCount).toBe(1);
  });

  it('lets either the revocation or the redemption win, never both', async () => {
    for (let round = 0; round < 5; round++) {
      const approved = await approve();
      const senior = await bank.person(['senior_reviewer']);
      const [redeemed, revoked] = await Promise.allSettled([
        redeem(approved),
        revokeApproval(senior, approved.id, 'changed-my-mind', at(25)),
      ]);
      expect([redeemed.status, revoked.status].sort()).toEqual(['fulfilled', 'rejected']);
    }
  });
});

describe('redeemApproval refuses', () => {
  const other = (action: Action, change: Partial<Action>): Action => ({ ...action, ...change });
  const cases: {
    name: string;
    code: string;
    incident: boolean;
    run: (approved: Approved) => Promise<unknown>;
  }[] = [
    {
      name: 'a second redemption',
      code: 'already_redeemed',
      incident: true,
      run: async (approved) => {
        await redeem(approved);
        return redeem(approved, 26);
      },
    },
    {
      name: 'a changed amount',
      code: 'action_mismatch',
      incident: true,
      run: (approved) =>
        redeem(approved, 25, bank.gateway, {
          action: other(approved.action, {
            action: { name: 'pay', properties: { ...approved.action.action.properties, amount: '18500.01' } },
          }),
        }),
    },
    {
      name: 'another principal in the context',
      code: 'action_mismatch',
      incident: true,
      run: (approved) =>
        redeem(approved, 25, bank.gateway, {
          action: other(approved.action, {
            context: { principal: { type: 'customer', token: `tok_${'b'.repeat(32)}` } },
          }),
        }),
    },
    {
      name: 'a token for another gateway',
      code: 'audience_mismatch',
      incident: true,
      run: (approved) => redeem(approved, 25, bank.otherGateway),
    },
    {
      name: 'another key of the same gateway (a stolen token)',
      code: 'audience_mismatch',
      incident: true,
      run: (approved) => redeem(approved, 25, { ...bank.gateway, publicKey: bank.otherGateway.publicKey }),
    },
    {
      name: 'an expired token',
      code: 'approval_expired',
      incident: false,
      run: (approved) => redeem(approved, 20 + 5 * 60),
    },
    {
      name: 'an altered signature',
      code: 'signature_invalid',
      incident: true,
      run: (approved) =>
        redeem(approved, 25, bank.gateway, { token: `${approved.token.slice(0, -6)}AAAAAA` }),
    },
    {
      name: "a drill's token",
      code: 'signature_invalid',
      incident: true,
      run: (approved) =>
        redeem(approved, 25, bank.gateway, { token: resign(approved.token, () => {}, 'drill') }),
    },
    {
      name: 'a longer life, signed with the right key but never committed',
      code: 'unknown_approval',
      incident: false,
      run: (approved) =>
        redeem(approved, 25, bank.gateway, {
          token: resign(approved.token, (claims) => {
            claims.exp = (claims.exp as number) + 3600;
          }),
        }),
    },
    {
      name: 'the token of another approval at this address',
      code: 'unknown_approval',
      incident: false,
      run: async (approved) => redeem(approved, 25, bank.gateway, { token: (await approve()).token }),
    },
    {
      name: 'a revoked approval',
      code: 'revoked',
      incident: false,
      run: async (approved) => {
        await revokeApproval(await bank.person(['compliance']), approved.id, 'suspected-fraud', at(21));
        return redeem(approved);
      },
    },
  ];
  it.each(cases)('$name', async ({ code, incident, run }) => {
    const approved = await approve();
    await expect(run(approved)).rejects.toMatchObject({ code });
    expect(await incidents(bank, approved.id)).toEqual(incident ? [code] : []);
  });

  it('an approval of another tenant, exactly like one that does not exist', async () => {
    const approved = await approve();
    const shop = await createOrganisation();
    await expect(redeem(approved, 25, shop.gateway)).rejects.toMatchObject({ code: 'unknown_approval' });
    expect(await redeem(approved)).toMatchObject({ approval_id: approved.id });
  });

  it('an approval under a policy that has changed', async () => {
    const org = await createOrganisation();
    const approved = await approve(org);
    const text = JSON.stringify(reviewPolicy({ title: 'Stricter' }));
    await publishPolicy({ tenant: org.tenant, text, publishedBy: 'test' }, at(22));
    await expect(redeem(approved, 25, org.gateway)).rejects.toMatchObject({ code: 'policy_changed' });
  });

  it('an approval whose review record was altered by a superuser, and the frame names it until somebody has looked', async () => {
    const org = await createOrganisation();
    const approved = await approve(org);
    const auditor = await org.person(['auditor']);
    const parsed = parseToken(approved.token);
    if (!parsed.ok) throw new Error(parsed.code);
    const { stream, position } = parsed.value.claims.record;
    const flip = () =>
      testConsole.owner.query(
        'UPDATE records SET envelope = set_byte(envelope, 90, get_byte(envelope, 90) # 1) WHERE stream = $1 AND position = $2',
        [stream, position],
      );
    await flip();
    await expect(redeem(approved, 25, org.gateway)).rejects.toMatchObject({ code: 'record_unverifiable' });
    expect(await incidents(org, approved.id)).toEqual(['record_unverifiable']);
    const { integrity } = await getFrame(auditor, at(26));
    expect(integrity.state).toBe('invalid');
    expect(integrity.finding).toContain(`Record ${position} of ${stream}`);
    await flip();
    await expect(redeem(approved, 27, org.gateway)).rejects.toMatchObject({ code: 'chain_invalid' });
    const [condition] = await listConditions(org.tenant);
    await resolveCondition(
      await org.person(['compliance']),
      condition?.id as string,
      {
        resolution: 'cleared',
        reasonCode: 'evidence-restored',
        reasonText: 'The page was restored from the replica.',
      },
      at(28),
    );
    expect((await getFrame(auditor, at(29))).integrity.state).not.toBe('invalid');
    expect(await redeem(approved, 30, org.gateway)).toMatchObject({ approval_id: approved.id });
  });

  it('an approval whose predecessor in the chain was replaced', async () => {
    const org = await createOrganisation();
    const approved = await approve(org);
    const parsed = parseToken(approved.token);
    if (!parsed.ok) throw new Error(parsed.code);
    const { stream, position } = parsed.value.claims.record;
    await testConsole.owner.query(
      'UPDATE records SET link = set_byte(link, 0, get_byte(link, 0) # 1) WHERE stream = $1 AND position = $2 - 1',
      [stream, position],
    );
    await expect(redeem(approved, 25, org.gateway)).rejects.toMatchObject({
      code: 'record_unverifiable',
      detail: expect.stringContaining('record_link'),
    });
  });
});

describe('reportOutcome', () => {
  const forwarded = {
    state: 'forwarded' as const,
    downstream: [{ system: 'core', type: 'transfer', id: 'tr-77' }],
  };

  it('is told once; the same report again is answered alike, another is a conflict', async () => {
    const approved = await approve();
    await redeem(approved);
    const first = await reportOutcome(bank.gateway, approved.id, forwarded, at(30));
    expect(await reportOutcome(bank.gateway, approved.id, forwarded, at(99))).toEqual(first);
    await expect(
      reportOutcome(bank.gateway, approved.id, { state: 'upstream_error', downstream: [] }, at(31)),
    ).rejects.toMatchObject({ code: 'outcome_conflict' });
    const records = (await recordsOf(bank.tenant, 'action.outcome')).filter(
      ({ body }) => body.approval_id === approved.id,
    );
    expect(records.map(({ body }) => body.downstream)).toEqual([forwarded.downstream]);
    const detail = await getDetail(await bank.person(['auditor']), approved.taskId, at(40));
    expect(detail.result?.approval).toMatchObject({ outcome: 'forwarded' });
  });

  it('is refused before the redemption, from another gateway and from another tenant', async () => {
    const approved = await approve();
    await expect(reportOutcome(bank.gateway, approved.id, forwarded, at(30))).rejects.toMatchObject({
      code: 'outcome_conflict',
    });
    await redeem(approved);
    const shop = await createOrganisation();
    for (const caller of [bank.otherGateway, shop.gateway]) {
      await expect(reportOutcome(caller, approved.id, forwarded, at(30))).rejects.toMatchObject({
        code: 'unknown_approval',
      });
    }
  });

  it('an approval that its gateway gives back is recorded as not forwarded, and can never be redeemed', async () => {
    const approved = await approve();
    const notForwarded = { state: 'not_forwarded' as const, downstream: [] };
    await expect(reportOutcome(bank.otherGateway, approved.id, notForwarded, at(24))).rejects.toMatchObject({
      code: 'unknown_approval',
    });
    const told = await reportOutcome(bank.gateway, approved.id, notForwarded, at(24));
    expect(await reportOutcome(bank.gateway, approved.id, notForwarded, at(50))).toEqual(told);
    await expect(redeem(approved)).rejects.toMatchObject({ code: 'revoked' });
    const records = await recordsOf(bank.tenant, 'approval.redeemed');
    expect(records.filter(({ body }) => body.approval_id === approved.id)).toEqual([]);
    await expect(reportOutcome(bank.gateway, approved.id, forwarded, at(30))).rejects.toMatchObject({
      code: 'outcome_conflict',
    });
  });

  it('given back and redeemed at the same instant: one of the two happens', async () => {
    const approved = await approve();
    const [redeemed, returned] = await Promise.allSettled([
      redeem(approved),
      reportOutcome(bank.gateway, approved.id, { state: 'not_forwarded', downstream: [] }, at(25)),
    ]);
    const rows = await getPool().query('SELECT 1 FROM redemptions WHERE approval = $1', [approved.id]);
    expect(returned.status).toBe('fulfilled');
    expect(redeemed.status).toBe(rows.rowCount === 1 ? 'fulfilled' : 'rejected');
  });

  it('reported ten times at once leaves one record', async () => {
    const approved = await approve();
    await redeem(approved);
    await Promise.all(
      Array.from({ length: 10 }, () => reportOutcome(bank.gateway, approved.id, forwarded, at(30))),
    );
    const records = (await recordsOf(bank.tenant, 'action.outcome')).filter(
      ({ body }) => body.approval_id === approved.id,
    );
    expect(records).toHaveLength(1);
  });
});

describe('revokeApproval', () => {
  it('is for senior reviewers and compliance of the same tenant, and records who', async () => {
    const approved = await approve();
    const shop = await createOrganisation();
    const attempts = [
      [await bank.person(['reviewer']), 'role_required'],
      [await bank.person(['admin']), 'role_required'],
      [await shop.person(['compliance']), 'unknown_approval'],
    ] as const;
    for (const [viewer, code] of attempts) {
      await expect(revokeApproval(viewer, approved.id, 'mistake', at(21))).rejects.toMatchObject({ code });
    }
    const compliance = await bank.person(['compliance']);
    await revokeApproval(compliance, approved.id, 'mistake', at(22));
    await revokeApproval(compliance, approved.id, 'mistake', at(23));
    const records = (await recordsOf(bank.tenant, 'approval.revoked')).filter(
      ({ body }) => body.approval_id === approved.id,
    );
    expect(records.map(({ body }) => body.revoked_by)).toEqual([compliance.person.id]);
  });
});
