import { describe, expect, it } from 'vitest';
import { cancelEscalation } from '../escalations/cancel';
import { expireEscalation } from '../escalations/expire';
import { getDetail } from '../escalations/get-detail';
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
import { linkPerson } from '../identity/link-person';
import { LOG_NAME } from '../log/log-head';
import { publishPolicy } from '../policies/publish-policy';
import { startTestConsole } from '../testing/test-console';
import { claimEscalation } from './claim';
import { decideEscalation } from './decide';
import { recordHeartbeat } from './heartbeat';
import { openReview } from './open';
import { releaseEscalation } from './release';

const testConsole = await startTestConsole();
const bank = await createOrganisation();

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
        decideAs(
          org,
          await org.person(['reviewer'], { ...ANY, limits: [{ amount: '18499.9999', currency: 'INR' }] }),
        ),
    },
    {
      name: 'an authority in another currency',
      code: 'insufficient_authority',
      run: async (org) =>
        decideAs(
          org,
          await org.person(['reviewer'], { ...ANY, limits: [{ amount: '999999', currency: 'USD' }] }),
        ),
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
