import { afterAll, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { getPool } from '@/lib/server/database/pool';
import { getDetail } from '@/lib/server/escalations/get-detail';
import { createFirstLink } from '@/lib/server/identity/create-first-link';
import { createPerson } from '@/lib/server/identity/create-person';
import { getActivePolicy } from '@/lib/server/policies/get-active-policy';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { openReview } from '@/lib/server/reviews/open';
import { signInAs } from '@/lib/server/testing/sign-in-as';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { type Answer, captureLog, outcomeOf, readAnswer } from './answers';
import { callRoute, loadRoutes } from './call-route';
import { signedRequest } from './machine-rows';
import { createWorld, largePayment, submitPayment } from './world';

await startTestConsole();
const routes = await loadRoutes();
const { bank } = await createWorld();
const log = captureLog();
const ORIGIN = 'http://console.test';

const send = async (
  method: string,
  path: string,
  headers: Record<string, string>,
  body: unknown,
): Promise<Answer> =>
  readAnswer(
    await callRoute(
      routes,
      new Request(`${ORIGIN}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    ),
  );
const count = async (sql: string, values: unknown[]): Promise<number> =>
  (await getPool().query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, values)).rows[0]?.n ?? 0;
const outcomes = (answers: readonly Answer[]) => answers.map((answer) => String(outcomeOf(answer))).sort();

describe('requests that arrive together', () => {
  it('two administrators who demote each other leave one', async () => {
    for (let round = 0; round < 5; round++) {
      const tenant = `two-${round}`;
      await getPool().query('INSERT INTO tenants (id, name, created_at) VALUES ($1, $1, now())', [tenant]);
      const ids = await Promise.all(
        ['a', 'b'].map(async (name) => {
          const email = `${name}.${round}@two.example`;
          return (await createPerson({ tenant, email, name, roles: ['admin'] })).id;
        }),
      );
      const [one, other] = ids as [string, string];
      const demote = async (by: string, whom: string, method: string) =>
        send(
          method,
          `/api/v1/people/${whom}/authority`,
          await signInAs(by),
          method === 'PUT' ? { roles: ['reviewer'], authority: null } : undefined,
        );
      const answers = await Promise.all([
        demote(one, other, 'PUT'),
        demote(other, one, round % 2 ? 'PUT' : 'DELETE'),
      ]);
      expect(outcomes(answers).filter((outcome) => outcome === '200')).toHaveLength(1);
      expect(await count("memberships WHERE tenant = $1 AND role = 'admin'", [tenant])).toBe(1);
    }
  });

  it('one invitation sent eight times makes one person and one record', async () => {
    const headers = await signInAs(bank.members.admin.id);
    const body = { email: 'once@bank.example', name: 'Once', roles: ['reviewer'], authority: null };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => send('POST', '/api/v1/people', headers, body)),
    );
    expect(outcomes(answers)).toEqual(['201', ...Array(7).fill('person_exists')]);
    expect(await count('people WHERE email = $1', ['once@bank.example'])).toBe(1);
  });

  it('one policy published eight times from one version becomes one version', async () => {
    const headers = await signInAs(bank.members.admin.id);
    const { rows } = await getPool().query<{ document: string }>(
      'SELECT document FROM policies WHERE tenant = $1',
      [bank.tenant],
    );
    const document = JSON.parse(rows[0]?.document ?? '{}') as Record<string, unknown>;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        send('POST', '/api/v1/policies', headers, {
          text: JSON.stringify({ ...document, title: `Title ${i}` }),
          baseVersion: 1,
        }),
      ),
    );
    expect(outcomes(answers)).toEqual(['201', ...Array(7).fill('policy_conflict')]);
    expect(await count('policies WHERE tenant = $1', [bank.tenant])).toBe(2);
  });

  it('a policy that waited for another one does not slip in before it', async () => {
    const { rows } = await getPool().query<{ document: string }>(
      'SELECT document FROM policies WHERE tenant = $1 AND version = 2',
      [bank.tenant],
    );
    const text = (title: string) =>
      JSON.stringify({ ...(JSON.parse(rows[0]?.document ?? '{}') as object), title });
    const publish = (title: string, baseVersion: number, nowMs: number) =>
      publishPolicy({ tenant: bank.tenant, text: text(title), publishedBy: 'test', baseVersion }, { nowMs });
    const askedAtMs = Date.now();
    await publish('First in the queue, asked later', 2, askedAtMs + 500);
    await expect(publish('Second, asked earlier', 2, askedAtMs)).rejects.toMatchObject({
      code: 'policy_conflict',
    });
    const { version } = await publish('Second again, knowing the first', 3, askedAtMs);
    expect((await getActivePolicy(bank.tenant, askedAtMs + 500)).version).toBe(version);
  });

  it('verdicts of two reviewers on one escalation end it once', async () => {
    const id = await submitPayment(bank.gateway, largePayment(bank.marker), Date.now());
    const tenant = { id: bank.tenant, name: bank.tenant, demo: false };
    const people = await Promise.all(
      ['x', 'y', 'z'].map(async (name) => {
        const email = `${name}@race.example`;
        const authority = {
          maxTier: 'unbounded' as const,
          limits: [],
          tools: [],
          counterparties: [],
          hours: null,
        };
        return {
          ...(await createPerson({ tenant: bank.tenant, email, name, roles: ['reviewer'], authority })),
          email,
          name,
        };
      }),
    );
    const asked = await Promise.all(
      people.map(async (person, i) => {
        const viewer = { person, tenant, roles: ['reviewer' as const] };
        await openReview(viewer, id);
        const detail = await getDetail(viewer, id);
        const verdict = i === 0 ? 'deny' : 'approve';
        return {
          headers: await signInAs(person.id),
          body: {
            verdict,
            reasonCode: verdict === 'approve' ? 'matches-evidence' : 'looks-manipulated',
            reasonText: 'Compared with the order.',
            actionDigest: detail.actionDigest,
            displayDigest: detail.displayDigest,
            instance: detail.instance,
            version: detail.row.version,
          },
        };
      }),
    );
    const answers = await Promise.all(
      asked.flatMap(({ headers, body }) =>
        [0, 1].map(() => send('POST', `/api/v1/escalations/${id}/decide`, headers, body)),
      ),
    );
    expect(outcomes(answers)).toEqual(['200', '200', ...Array(4).fill('escalation_ended')]);
    expect(await count('reviews WHERE escalation = $1', [id])).toBe(1);
    expect(await count('approvals WHERE escalation = $1', [id])).toBeLessThan(2);
  });

  it('one approval redeemed twelve times is spent once', async () => {
    const { clinic } = await createWorld();
    const { approval, gateway } = clinic;
    const body = utf8(JSON.stringify({ token: approval.token, action: approval.action }));
    const answers = await Promise.all(
      Array.from({ length: 12 }, async () =>
        readAnswer(
          await callRoute(
            routes,
            signedRequest({
              method: 'POST',
              path: `/access/v1/approvals/${approval.id}/redeem`,
              body,
              signer: gateway,
            }),
          ),
        ),
      ),
    );
    expect(outcomes(answers)).toEqual(['200', ...Array(11).fill('already_redeemed')]);
    expect(await count('redemptions WHERE approval = $1', [approval.id])).toBe(1);
    expect(await count("records WHERE tenant = $1 AND kind = 'approval.redeemed'", [clinic.tenant])).toBe(1);
  });

  it('one link founds one organisation', async () => {
    await getPool().query('UPDATE tenants SET demo = true');
    const secret = await createFirstLink();
    const founding = (i: number) =>
      send(
        'POST',
        '/api/v1/tenants',
        { origin: ORIGIN },
        {
          secret,
          organisation: `First ${i}`,
          name: 'Anna',
          email: `anna${i}@first.example`,
          password: 'correct horse battery staple',
        },
      );
    const answers = await Promise.all([0, 1, 2, 3].map(founding));
    expect(outcomes(answers)).toEqual(['201', 'link_invalid', 'link_invalid', 'link_invalid']);
    expect(await count('tenants WHERE NOT demo', [])).toBe(1);
    expect(outcomeOf(await founding(9))).toBe('link_invalid');
  });
});

afterAll(() => {
  const lines = log.join('\n');
  expect(lines).not.toMatch(/unexpected error|[\w.-]+@[\w-]+\.\w+|eyJ[\w-]{10,}/);
});
