import { describe, expect, it } from 'vitest';
import { jwkThumbprint } from '@/lib/core/ed25519';
import { formatDigest, parseDigest, sha256 } from '@/lib/core/hash';
import { reviewBody } from '@/lib/escalations/record-bodies';
import { formatStatement, statementDigest } from '@/lib/escalations/statement';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { verifyToken } from '@/lib/tokens/token';
import { getPool } from '../database/pool';
import { cancelEscalation } from '../escalations/cancel';
import { expireEscalation } from '../escalations/expire';
import { getDetail } from '../escalations/get-detail';
import { getTask } from '../escalations/get-task';
import {
  ANY,
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
import { LOG_NAME } from '../log/log-head';
import { publishPolicy } from '../policies/publish-policy';
import { startTestConsole } from '../testing/test-console';
import { claimEscalation } from './claim';
import { decideEscalation } from './decide';
import { recordHeartbeat } from './heartbeat';
import { linkPerson } from './link-person';
import { openReview } from './open';
import { releaseEscalation } from './release';

const testConsole = await startTestConsole();
const bank = await createOrganisation();

const TWO_OF = [
  { role: 'reviewer' as const, count: 1 },
  { role: 'senior_reviewer' as const, count: 1 },
];
const strict = (overrides = {}) =>
  reviewPolicy({ review: { ...reviewPolicy().review, quorum: TWO_OF, ...overrides } });

async function chainHolds(tenant: string): Promise<boolean> {
  const found = await getPool().query<{
    stream: string;
    position: number;
    envelope: Uint8Array;
    link: Uint8Array;
  }>('SELECT stream, position, envelope, link FROM records WHERE stream = $1 ORDER BY position', [
    `console/${tenant}`,
  ]);
  let link = genesisLink(`console/${tenant}`);
  return found.rows.every((row, index) => {
    link = nextLink(link, index + 1, recordDigest(new Uint8Array(row.envelope)));
    return row.position === index + 1 && Buffer.compare(link, row.link) === 0;
  });
}

describe('decideEscalation: approval', () => {
  it('signs a token that verifies offline and names the committed review record', async () => {
    const reviewer = await bank.person(['reviewer']);
    const action = largePayment();
    const task = await submitPayment(bank, action);
    const detail = await readEscalationPage(reviewer, task.id);
    const answer = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
    expect(answer).toMatchObject({ state: 'approved', approvals: 1, needed: 1, verdict: 'approve' });
    const key = getSigningKey('approval');
    const verified = verifyToken(answer.approval?.token ?? '', {
      keys: [{ kid: key.keyid, publicKey: key.publicKey }],
      audience: bank.gateway.producerId,
      thumbprint: jwkThumbprint(bank.gateway.publicKey),
      action,
      ...at(21),
    });
    if (!verified.ok) throw new Error(verified.code);
    const claims = verified.value;
    expect(claims.approvals).toMatchObject([
      { reviewer: reviewer.person.id, role: 'reviewer', review_dwell_ms: 19_000, active_ms: 10_000 },
    ]);
    const stored = await getPool().query<{ link: Uint8Array; kind: string }>(
      'SELECT link, kind FROM records WHERE stream = $1 AND position = $2',
      [claims.record.stream, claims.record.position],
    );
    expect(stored.rows[0]?.kind).toBe('review');
    const link = parseDigest(claims.record.link);
    expect(link.ok && Buffer.compare(link.value.bytes, stored.rows[0]?.link as Buffer)).toBe(0);
    expect(await chainHolds(bank.tenant)).toBe(true);
  });

  it('records a statement whose canonical bytes give the digest in the token', async () => {
    const reviewer = await bank.person(['senior_reviewer']);
    const task = await submitPayment(bank);
    const detail = await readEscalationPage(reviewer, task.id);
    const answer = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
    const record = (await recordsOf(bank.tenant, 'review')).find(({ id }) => id === answer.reviewId);
    const body = reviewBody.parse(record?.body);
    expect(statementDigest(body.statement)).toBe(body.statement_digest);
    expect(body.statement).toMatchObject({
      escalation: task.id,
      instance: detail.instance,
      action_digest: detail.actionDigest,
      display_digest: detail.displayDigest,
      role: 'senior_reviewer',
      coverage: ['action', 'why', 'seen', 'history'],
    });
    const row = await getPool().query<{ statement: Uint8Array }>(
      'SELECT statement FROM reviews WHERE id = $1',
      [answer.reviewId],
    );
    expect(Buffer.compare(row.rows[0]?.statement as Buffer, formatStatement(body.statement))).toBe(0);
    const [, claims = ''] = (answer.approval?.token ?? '').split('.');
    const issued = (await recordsOf(bank.tenant, 'approval.issued')).find(
      ({ id }) => id === answer.approval?.id,
    );
    expect(issued?.body.claims_digest).toBe(
      formatDigest('sha-256', sha256(new Uint8Array(Buffer.from(claims, 'base64url')))),
    );
  });

  it('keeps names and reasons out of every record', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank);
    const detail = await readEscalationPage(reviewer, task.id);
    const reasonText = 'Called the customer Priya at home.';
    await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve', { reasonText }), at(20));
    const all = await getPool().query<{ text: string }>(
      `SELECT convert_from(envelope, 'UTF8') AS text FROM records WHERE tenant = $1`,
      [bank.tenant],
    );
    const payloads = all.rows
      .map(({ text }) => Buffer.from(JSON.parse(text).payload, 'base64').toString('utf8'))
      .join('\n');
    for (const secret of ['Priya', reviewer.person.name, reviewer.person.email])
      expect(payloads).not.toContain(secret);
    expect((await getDetail(reviewer, task.id, at(30))).result?.reviews[0]?.reasonText).toBe(reasonText);
  });

  it('gives the same token to reviewer and gateway, again and again (an answer lost after the commit)', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank);
    const verdict = verdictOn(await readEscalationPage(reviewer, task.id), 'approve');
    const first = await decideEscalation(reviewer, task.id, verdict, at(20));
    const again = await decideEscalation(reviewer, task.id, verdict, at(400));
    expect(again).toMatchObject({ reviewId: first.reviewId, approval: first.approval });
    const seen = await getTask(bank.gateway, task.id);
    expect(seen.result?.approval?.state).toBe(first.approval?.token);
    const records = await recordsOf(bank.tenant, 'review');
    expect(records.filter(({ body }) => body.escalation_id === task.id)).toHaveLength(1);
  });

  it('takes one verdict when a button is pressed ten times at once', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank);
    const verdict = verdictOn(await readEscalationPage(reviewer, task.id), 'approve');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => decideEscalation(reviewer, task.id, verdict, at(20))),
    );
    expect(new Set(answers.map(({ approval }) => approval?.token)).size).toBe(1);
  });
});

describe('decideEscalation: denial', () => {
  it('ends it at once, without asking for reading time, and tells the gateway why', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank);
    await getDetail(reviewer, task.id, at(1));
    await openReview(reviewer, task.id, at(1));
    const detail = await getDetail(reviewer, task.id, at(2));
    const answer = await decideEscalation(reviewer, task.id, verdictOn(detail, 'deny'), at(3));
    expect(answer).toMatchObject({ state: 'denied', approval: null });
    expect(await getTask(bank.gateway, task.id)).toMatchObject({
      status: 'denied',
      result: { denial: { reason_code: 'looks-manipulated' } },
    });
  });
});

describe('decideEscalation: quorum', () => {
  it('needs every role from different people; the second does not see the first verdict', async () => {
    const org = await createOrganisation(strict());
    const [senior, reviewer] = [await org.person(['senior_reviewer']), await org.person(['reviewer'])];
    const task = await submitPayment(org);
    const first = await decideEscalation(
      reviewer,
      task.id,
      verdictOn(await readEscalationPage(reviewer, task.id), 'approve'),
      at(20),
    );
    expect(first).toMatchObject({ state: 'pending', approvals: 1, needed: 2, approval: null });
    const seen = await readEscalationPage(senior, task.id, 30);
    expect(seen.result).toBeNull();
    expect(seen.row.decidedBy).toBeNull();
    expect(JSON.stringify(seen)).not.toContain(reviewer.person.name);
    expect(JSON.stringify(seen)).not.toContain(reviewer.person.id);
    const second = await decideEscalation(senior, task.id, verdictOn(seen, 'approve'), at(50));
    expect(second).toMatchObject({ state: 'approved', approvals: 2 });
    expect((await getDetail(senior, task.id, at(60))).result?.reviews).toHaveLength(2);
  });

  it('is not filled by one person twice, nor by two reviewers where a senior is needed', async () => {
    const org = await createOrganisation(strict());
    const [one, two] = [await org.person(['reviewer', 'senior_reviewer']), await org.person(['reviewer'])];
    const task = await submitPayment(org);
    const detail = await readEscalationPage(two, task.id);
    await decideEscalation(two, task.id, verdictOn(detail, 'approve'), at(20));
    const changed = verdictOn(await getDetail(two, task.id, at(21)), 'approve', {
      reasonText: 'Another reason altogether.',
    });
    await expect(decideEscalation(two, task.id, changed, at(22))).rejects.toMatchObject({
      code: 'already_decided',
    });
    const third = await org.person(['reviewer']);
    const page = await readEscalationPage(third, task.id, 30);
    expect(page.may).toMatchObject({ decide: false, code: 'role_required' });
    await expect(decideEscalation(third, task.id, verdictOn(page, 'approve'), at(50))).rejects.toMatchObject({
      code: 'role_required',
    });
    const last = await readEscalationPage(one, task.id, 60);
    expect(await decideEscalation(one, task.id, verdictOn(last, 'approve'), at(80))).toMatchObject({
      state: 'approved',
    });
  });

  it('ends with one denial, however many approved', async () => {
    const org = await createOrganisation(strict());
    const [reviewer, senior] = [await org.person(['reviewer']), await org.person(['senior_reviewer'])];
    const task = await submitPayment(org);
    await decideEscalation(
      reviewer,
      task.id,
      verdictOn(await readEscalationPage(reviewer, task.id), 'approve'),
      at(20),
    );
    const answer = await decideEscalation(
      senior,
      task.id,
      verdictOn(await readEscalationPage(senior, task.id, 30), 'deny'),
      at(50),
    );
    expect(answer).toMatchObject({ state: 'denied', approval: null });
  });
});

describe('decideEscalation refuses', () => {
  type Case = { name: string; code: string; run: (org: TestOrganisation) => Promise<unknown> };
  const decideAs = async (
    org: TestOrganisation,
    reviewer: Awaited<ReturnType<TestOrganisation['person']>>,
    overrides = {},
    seconds = 20,
    verdict: 'approve' | 'deny' = 'approve',
  ) => {
    const task = await submitPayment(org);
    const detail = await readEscalationPage(reviewer, task.id);
    return decideEscalation(reviewer, task.id, verdictOn(detail, verdict, overrides), at(seconds));
  };
  const cases: Case[] = [
    {
      name: 'a verdict after the time is up (late verdict)',
      code: 'late_verdict',
      run: async (org) => decideAs(org, await org.person(['reviewer']), {}, 30 * 60),
    },
    {
      name: 'a verdict on what has expired',
      code: 'late_verdict',
      run: async (org) => {
        const reviewer = await org.person(['reviewer']);
        const task = await submitPayment(org);
        const detail = await readEscalationPage(reviewer, task.id);
        await expireEscalation({ tenant: org.tenant, id: task.id }, at(1800));
        return decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
      },
    },
    {
      name: 'a verdict on what was cancelled',
      code: 'escalation_ended',
      run: async (org) => {
        const reviewer = await org.person(['reviewer']);
        const task = await submitPayment(org);
        const detail = await readEscalationPage(reviewer, task.id);
        await cancelEscalation(org.gateway, task.id, at(15));
        return decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
      },
    },
    {
      name: 'an administrator, even one who is also a reviewer',
      code: 'role_required',
      run: async (org) =>
        decideAs(org, { ...(await org.person(['reviewer'])), roles: ['reviewer', 'admin'] }),
    },
    {
      name: 'an auditor',
      code: 'role_required',
      run: async (org) => decideAs(org, await org.person(['auditor'])),
    },
    {
      name: 'a reviewer without authority',
      code: 'insufficient_authority',
      run: async (org) => decideAs(org, await org.person(['reviewer'], null)),
    },
    {
      name: 'an amount one unit over the authority',
      code: 'insufficient_authority',
      run: async (org) =>
        decideAs(org, await org.person(['reviewer'], { ...ANY, maxAmount: '18499.9999', currency: 'INR' })),
    },
    {
      name: 'an authority in another currency',
      code: 'insufficient_authority',
      run: async (org) =>
        decideAs(org, await org.person(['reviewer'], { ...ANY, maxAmount: '999999', currency: 'USD' })),
    },
    {
      name: 'an authority for another tool',
      code: 'insufficient_authority',
      run: async (org) => decideAs(org, await org.person(['reviewer'], { ...ANY, tools: ['refund*'] })),
    },
    {
      name: 'a lower tier of authority',
      code: 'insufficient_authority',
      run: async (org) => decideAs(org, await org.person(['reviewer'], { ...ANY, maxTier: 'reversible' })),
    },
    {
      name: 'the principal approving what is done for them',
      code: 'self_approval',
      run: async (org) => {
        const reviewer = await org.person(['reviewer']);
        const value = String((largePayment().context.principal as { token: string }).token);
        await linkPerson({
          tenant: org.tenant,
          person: reviewer.person.id,
          kind: 'subject',
          value,
          linkedBy: 'test',
        });
        return decideAs(org, reviewer);
      },
    },
    {
      name: 'the owner of the agent, in another spelling',
      code: 'self_approval',
      run: async (org) => {
        const reviewer = await org.person(['reviewer']);
        const link = { tenant: org.tenant, person: reviewer.person.id, linkedBy: 'test' };
        await linkPerson({ ...link, kind: 'agent', value: 'Payments-Agent' });
        return decideAs(org, reviewer);
      },
    },
    {
      name: 'the operator of the gateway',
      code: 'self_approval',
      run: async (org) => {
        const reviewer = await org.person(['senior_reviewer']);
        const link = { tenant: org.tenant, person: reviewer.person.id, linkedBy: 'test' };
        await linkPerson({ ...link, kind: 'producer', value: org.gateway.producerId });
        return decideAs(org, reviewer);
      },
    },
    {
      name: 'a verdict while somebody else holds it',
      code: 'lease_held',
      run: async (org) => {
        const [reviewer, other] = [await org.person(['reviewer']), await org.person(['reviewer'])];
        const task = await submitPayment(org);
        const detail = await readEscalationPage(reviewer, task.id);
        await claimEscalation(other, task.id, at(15));
        return decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
      },
    },
    {
      name: 'a verdict without opening the page',
      code: 'not_opened',
      run: async (org) => {
        const reviewer = await org.person(['reviewer']);
        const task = await submitPayment(org);
        return decideEscalation(
          reviewer,
          task.id,
          verdictOn(await getDetail(reviewer, task.id, at(1)), 'approve'),
          at(20),
        );
      },
    },
    {
      name: 'a verdict on another action',
      code: 'stale_view',
      run: async (org) => decideAs(org, await org.person(['reviewer']), { actionDigest: 'A'.repeat(43) }),
    },
    {
      name: 'a verdict carried over from another request (instance)',
      code: 'stale_view',
      run: async (org) =>
        decideAs(org, await org.person(['reviewer']), { instance: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    },
    {
      name: 'a verdict on another display',
      code: 'stale_view',
      run: async (org) =>
        decideAs(org, await org.person(['reviewer']), { displayDigest: `sha-256:${'0'.repeat(64)}` }),
    },
    {
      name: 'a verdict on an older version',
      code: 'stale_view',
      run: async (org) => decideAs(org, await org.person(['reviewer']), { version: 0 }),
    },
    {
      name: 'a reason of dots',
      code: 'reason_required',
      run: async (org) => decideAs(org, await org.person(['reviewer']), { reasonText: '.'.repeat(40) }),
    },
    {
      name: 'a reason for the other verdict',
      code: 'reason_required',
      run: async (org) => decideAs(org, await org.person(['reviewer']), { reasonCode: 'looks-manipulated' }),
    },
    {
      name: 'an approval without reading the required sections',
      code: 'coverage_incomplete',
      run: async (org) => {
        const reviewer = await org.person(['reviewer']);
        const task = await submitPayment(org);
        await openReview(reviewer, task.id, at(1));
        for (const seconds of [6, 11]) {
          await recordHeartbeat(
            reviewer,
            task.id,
            { visible: true, focused: true, idle: false, sections: ['action'] },
            at(seconds),
          );
        }
        const detail = await getDetail(reviewer, task.id, at(11));
        return decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
      },
    },
    {
      name: 'an approval by a flood of beats instead of reading',
      code: 'dwell_too_short',
      run: async (org) => {
        const reviewer = await org.person(['reviewer']);
        const task = await submitPayment(org);
        await openReview(reviewer, task.id, at(1));
        for (let i = 0; i < 40; i++) {
          await recordHeartbeat(
            reviewer,
            task.id,
            { visible: true, focused: true, idle: false, sections: ['action', 'why'] },
            at(1 + (i + 1) * 0.1),
          );
        }
        const detail = await getDetail(reviewer, task.id, at(6));
        expect(detail.session?.activeMs).toBe(4_000);
        return decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(6));
      },
    },
    {
      name: 'an approval in a tab left in the background',
      code: 'coverage_incomplete',
      run: async (org) => {
        const reviewer = await org.person(['reviewer']);
        const task = await submitPayment(org);
        await openReview(reviewer, task.id, at(1));
        for (let i = 1; i <= 20; i++) {
          await recordHeartbeat(
            reviewer,
            task.id,
            { visible: false, focused: false, idle: true, sections: ['action', 'why'] },
            at(1 + 5 * i),
          );
        }
        const detail = await getDetail(reviewer, task.id, at(110));
        return decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(111));
      },
    },
    {
      name: 'an approval under a policy that has changed',
      code: 'policy_changed',
      run: async () => {
        const org = await createOrganisation();
        const reviewer = await org.person(['reviewer']);
        const task = await submitPayment(org);
        const detail = await readEscalationPage(reviewer, task.id);
        const text = JSON.stringify(reviewPolicy({ title: 'Changed' }));
        await publishPolicy({ tenant: org.tenant, text, publishedBy: 'test' }, at(12));
        return decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
      },
    },
    {
      name: 'an approval while no witness vouches, where the policy wants one',
      code: 'log_unwitnessed',
      run: async () => {
        const org = await createOrganisation(
          reviewPolicy({ containment: { stateUnavailable: 'refuse', unwitnessed: 'withhold' } }),
        );
        return decideAs(org, await org.person(['reviewer']));
      },
    },
    {
      name: 'an approval of an action whose bytes were altered at rest',
      code: 'stale_view',
      run: async (org) => {
        const reviewer = await org.person(['reviewer']);
        const task = await submitPayment(org);
        const before = await readEscalationPage(reviewer, task.id);
        await testConsole.owner.query(
          `UPDATE payloads SET ciphertext = set_byte(ciphertext, 3, get_byte(ciphertext, 3) # 1)
            WHERE ref = (SELECT action_ref FROM escalations WHERE id = $1)`,
          [task.id],
        );
        expect(await getDetail(reviewer, task.id, at(12))).toMatchObject({ actionJson: '' });
        return decideEscalation(reviewer, task.id, verdictOn(before, 'approve'), at(20));
      },
    },
  ];
  it.each(cases)('$name', async ({ code, run }) => {
    await expect(run(bank)).rejects.toMatchObject({ code });
  });

  it('somebody of another tenant, exactly like an escalation that does not exist', async () => {
    const shop = await createOrganisation();
    const stranger = await shop.person(['senior_reviewer']);
    const task = await submitPayment(bank);
    const detail = await readEscalationPage(await bank.person(['reviewer']), task.id);
    const unknown = 'esc_019aa000-0000-7000-8000-000000000000';
    for (const id of [task.id, unknown]) {
      const attempts = [
        () => getDetail(stranger, id, at(1)),
        () => openReview(stranger, id, at(1)),
        () => claimEscalation(stranger, id, at(1)),
        () => releaseEscalation(stranger, id, at(1)),
        () => decideEscalation(stranger, id, verdictOn(detail, 'approve'), at(20)),
      ];
      for (const attempt of attempts) {
        await expect(attempt()).rejects.toMatchObject({ code: 'escalation_unknown', detail: undefined });
      }
    }
  });

  it('while the log is halted: nothing is signed, nothing is journalled', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank);
    const detail = await readEscalationPage(reviewer, task.id);
    await testConsole.owner.query(
      `INSERT INTO log_heads (log, size, edge, checkpoint_size, checkpoint_at, halted_code)
       VALUES ('${LOG_NAME}', 0, '', 0, now(), 'tile_conflict') ON CONFLICT (log) DO UPDATE SET halted_code = 'tile_conflict'`,
    );
    try {
      const before = (await recordsOf(bank.tenant, 'review')).length;
      await expect(
        decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20)),
      ).rejects.toMatchObject({ code: 'log_halted' });
      expect(await recordsOf(bank.tenant, 'review')).toHaveLength(before);
    } finally {
      await testConsole.owner.query('DELETE FROM log_heads');
    }
  });
});

describe('decideEscalation in a race', () => {
  it('two reviewers at the same instant: one wins, the other is told', async () => {
    const [one, two] = [await bank.person(['reviewer']), await bank.person(['reviewer'])];
    const task = await submitPayment(bank);
    const pages = [await readEscalationPage(one, task.id), await readEscalationPage(two, task.id)] as const;
    const results = await Promise.allSettled([
      decideEscalation(one, task.id, verdictOn(pages[0], 'approve'), at(20)),
      decideEscalation(two, task.id, verdictOn(pages[1], 'deny'), at(20)),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'escalation_ended' },
    });
    const reviews = (await recordsOf(bank.tenant, 'review')).filter(
      ({ body }) => body.escalation_id === task.id,
    );
    expect(reviews).toHaveLength(1);
  });

  it('approval against expiry: exactly one end, and a token only for the approval', async () => {
    for (let round = 0; round < 6; round++) {
      const reviewer = await bank.person(['reviewer']);
      const task = await submitPayment(bank);
      const detail = await readEscalationPage(reviewer, task.id);
      const [approval] = await Promise.allSettled([
        decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(1799)),
        expireEscalation({ tenant: bank.tenant, id: task.id }, at(1800)),
      ]);
      const ended = await getTask(bank.gateway, task.id);
      const expired = (await recordsOf(bank.tenant, 'escalation')).filter(
        ({ body }) => body.escalation_id === task.id && body.state === 'expired',
      );
      if (approval?.status === 'fulfilled') {
        expect(ended).toMatchObject({ status: 'approved' });
        expect(expired).toHaveLength(0);
      } else {
        expect(approval).toMatchObject({ reason: { code: 'late_verdict' } });
        expect(ended.status).toBe('expired');
        expect(ended.result).toBeUndefined();
        expect(expired).toHaveLength(1);
      }
    }
  });
});

describe('the disclosure of an escalation', () => {
  it('is recorded once per person, before its content leaves', async () => {
    const [reviewer, auditor] = [await bank.person(['reviewer']), await bank.person(['auditor'])];
    const task = await submitPayment(bank, largePayment(), {
      evidence: { agentSaid: 'paying', retrieved: [], guardrails: [] },
    });
    await Promise.all([getDetail(reviewer, task.id, at(1)), getDetail(reviewer, task.id, at(1))]);
    await getDetail(auditor, task.id, at(2));
    const reads = (await recordsOf(bank.tenant, 'payload.read')).filter(
      ({ body }) => body.escalation_id === task.id,
    );
    expect(reads.map(({ body }) => [body.person, body.purpose])).toEqual([
      [reviewer.person.id, 'review'],
      [auditor.person.id, 'oversight'],
    ]);
    expect(reads[0]?.body.payloads).toHaveLength(2);
  });

  it('counts no time before the page was rendered, and keeps the first rendering on reload', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank);
    expect((await getDetail(reviewer, task.id, at(1))).session).toBeNull();
    await openReview(reviewer, task.id, at(10));
    await openReview(reviewer, task.id, at(60));
    const beat = { visible: true, focused: true, idle: false, sections: [] };
    const progress = await recordHeartbeat(reviewer, task.id, beat, at(62));
    expect(progress.session).toMatchObject({ reviewDwellMs: 52_000, activeMs: 2_000 });
  });
});
