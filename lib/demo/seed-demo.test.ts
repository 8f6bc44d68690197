import { describe, expect, it } from 'vitest';
import { conformRecord } from '@/lib/contract/conform-record';
import { guideOf, KIND_NAMES } from '@/lib/contract/record-kinds';
import { getPool } from '@/lib/server/database/pool';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { SCENARIOS, seedDemo } from './seed-demo';

await startTestConsole();

describe('the demo history', () => {
  it('is written by the verbs: whole chains, every escalation ended or waiting for people', async () => {
    const nowMs = Date.now();
    let written = 0;
    await seedDemo({ nowMs, days: 8, onProgress: (records) => (written = records) });
    const decisions = await getPool().query<{ tenant: string; n: number }>(
      'SELECT tenant, count(*)::int AS n FROM decisions GROUP BY tenant ORDER BY tenant',
    );
    expect(decisions.rows.map((row) => row.tenant)).toEqual(SCENARIOS.map((item) => item.tenant).sort());
    expect(decisions.rows.reduce((sum, row) => sum + row.n, 0)).toBeGreaterThan(200);
    expect(written).toBeGreaterThan(200);
    const states = await getPool().query<{ state: string; n: number }>(
      'SELECT state, count(*)::int AS n FROM escalations WHERE expires_at <= $1 GROUP BY state',
      [new Date(nowMs)],
    );
    expect(states.rows.map((row) => row.state)).not.toContain('pending');
    expect(states.rows.find((row) => row.state === 'approved')?.n).toBeGreaterThan(5);
    const lent = await getPool().query('SELECT tenant FROM delegations');
    expect(lent.rows).toEqual([{ tenant: 'harbour-bank' }]);
    const gaps = await getPool().query('SELECT 1 FROM stream_gaps');
    expect(gaps.rowCount).toBe(0);

    const records = await getPool().query<{ kind: string; envelope: Buffer }>(
      'SELECT kind, envelope FROM records',
    );
    for (const { kind, envelope } of records.rows) {
      const { payload, findings } = conformRecord(new Uint8Array(envelope), null);
      const refused = findings.filter(({ level, code }) => level === 'refused' && code !== 'kind_reserved');
      expect(refused, kind).toEqual([]);
      const known = KIND_NAMES.find((name) => name === kind);
      const body = known && guideOf(known).body.safeParse(payload?.body);
      expect(body?.success, `${kind}: ${body?.error?.message}`).toBe(true);
    }

    await seedDemo({ nowMs: nowMs + 1000, days: 8, onProgress: () => expect.unreachable('seeded twice') });
  });
});
