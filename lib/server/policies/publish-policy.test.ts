import { beforeAll, describe, expect, it } from 'vitest';
import { recordPayload } from '@/lib/decisions/record-payload';
import { parseEnvelope } from '@/lib/integrity/dsse';
import { paymentPolicyInput } from '@/lib/policy/testing/payment-policy';
import { getPool } from '../database/pool';
import { startTestConsole } from '../testing/test-console';
import { createTestTenant } from '../testing/test-producer';
import { getActivePolicy, getPolicyVersion } from './get-active-policy';
import { listPolicies } from './list-policies';
import { publishPolicy } from './publish-policy';

await startTestConsole();
const velocity = (limit: string) => ({
  name: 'per-hour',
  measure: 'velocity' as const,
  per: 'agent' as const,
  tools: ['pay'],
  window: 'PT1H' as const,
  limit,
  over: 'refuse' as const,
});
const text = (limit: string) => JSON.stringify(paymentPolicyInput({ budgets: [velocity(limit)] }), null, 2);
const publish = (tenant: string, limit: string, baseVersion?: number) =>
  publishPolicy({ tenant, text: text(limit), publishedBy: 'per_admin', baseVersion });

async function changesOf(tenant: string) {
  const found = await getPool().query<{ envelope: Uint8Array }>(
    "SELECT envelope FROM records WHERE tenant = $1 AND kind = 'change' ORDER BY position",
    [tenant],
  );
  return found.rows.map(({ envelope }) => {
    const parsed = parseEnvelope(new Uint8Array(envelope));
    if (!parsed.ok) throw new Error(parsed.code);
    return recordPayload.parse(JSON.parse(Buffer.from(parsed.value.payload).toString())).body;
  });
}

beforeAll(async () => {
  await createTestTenant('bank');
  await createTestTenant('clinic');
});

describe('publishPolicy', () => {
  it('puts the exact text in force, records the change and calls a lowered limit lowered', async () => {
    const first = await publish('bank', '9', 0);
    const second = await publish('bank', '5', 1);
    expect([first.version, second.version]).toEqual([1, 2]);
    const active = await getActivePolicy('bank');
    expect(active).toMatchObject({ id: 'payments', version: 2, digest: second.digest });
    expect(active.document.budgets[0]?.limit).toBe('5');
    expect((await getPolicyVersion('bank', 'payments', 1)).document.budgets[0]?.limit).toBe('9');
    const stored = await getPool().query<{ document: string }>(
      "SELECT document FROM policies WHERE tenant = 'bank' AND version = 2",
    );
    expect(stored.rows[0]?.document).toBe(text('5'));
    expect(await changesOf('bank')).toMatchObject([
      { target: 'policy', name: 'payments', to_version: '1' },
      {
        target: 'policy',
        from_version: '1',
        to_version: '2',
        from_digest: first.digest,
        to_digest: second.digest,
        summary: 'budget per-hour lowered from 9 to 5',
      },
      { target: 'threshold', name: 'per-hour', direction: 'lowered', from_version: '1', to_version: '2' },
    ]);
    expect((await listPolicies('bank')).map(({ version }) => version)).toEqual([2, 1]);
  });

  it('another tenant sees none of it', async () => {
    await expect(getActivePolicy('clinic')).rejects.toMatchObject({ code: 'policy_missing' });
    await expect(getPolicyVersion('clinic', 'payments', 1)).rejects.toMatchObject({ code: 'policy_missing' });
    expect(await listPolicies('clinic')).toEqual([]);
  });

  it('the text in force published again changes nothing', async () => {
    const before = await changesOf('bank');
    const again = await publishPolicy({
      tenant: 'bank',
      text: (
        await getPool().query(
          "SELECT document FROM policies WHERE tenant='bank' ORDER BY version DESC LIMIT 1",
        )
      ).rows[0].document,
      publishedBy: 'per_admin',
    });
    expect(again.changes).toEqual([]);
    expect(await changesOf('bank')).toHaveLength(before.length);
  });

  it('of administrators who started from the same version, one wins and the others are told', async () => {
    await createTestTenant('race');
    await publish('race', '100', 0);
    const results = await Promise.allSettled(
      ['1', '2', '3', '4', '5'].map((limit) => publish('race', limit, 1)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'policy_conflict' });
    }
    expect((await listPolicies('race')).map(({ version }) => version)).toEqual([2, 1]);
  });

  it('a policy that contradicts itself is refused in words, and nothing is stored', async () => {
    await expect(
      publishPolicy({ tenant: 'clinic', text: '{"id":"x","id":"x"}', publishedBy: 'per_admin' }),
    ).rejects.toMatchObject({ code: 'policy_invalid' });
    const twice = JSON.stringify(paymentPolicyInput({ budgets: [velocity('1'), velocity('2')] }));
    await expect(
      publishPolicy({ tenant: 'clinic', text: twice, publishedBy: 'per_admin' }),
    ).rejects.toMatchObject({ code: 'policy_invalid', detail: 'The budget "per-hour" occurs twice.' });
    expect(await listPolicies('clinic')).toEqual([]);
  });

  it('what was in force at an earlier time is still told', async () => {
    await createTestTenant('history');
    const atMs = Date.now() - 86_400_000;
    await publishPolicy({ tenant: 'history', text: text('7'), publishedBy: 'demo' }, { nowMs: atMs });
    await publish('history', '3');
    expect((await getActivePolicy('history', atMs)).version).toBe(1);
    expect((await getActivePolicy('history')).version).toBe(2);
    await expect(getActivePolicy('history', atMs - 1)).rejects.toMatchObject({ code: 'policy_missing' });
  });
});
