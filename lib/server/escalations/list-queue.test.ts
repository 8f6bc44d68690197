import { beforeAll, describe, expect, it } from 'vitest';
import { formatInstant } from '@/lib/core/instant';
import { queuePage, queueQuery } from '@/lib/escalations/escalation-view';
import { claimEscalation } from '../reviews/claim';
import { decideEscalation } from '../reviews/decide';
import type { Reviewer } from '../reviews/reviewer';
import { startTestConsole } from '../testing/test-console';
import { listQueue } from './list-queue';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  submitPayment,
  T0,
  type TestOrganisation,
  verdictOn,
} from './testing/escalation-fixture';

const testConsole = await startTestConsole();
const query = (overrides: Record<string, string | number> = {}) => queueQuery.parse(overrides);

let bank: TestOrganisation;
let reviewer: Reviewer;
let ids: string[];

beforeAll(async () => {
  bank = await createOrganisation();
  reviewer = await bank.person(['reviewer']);
  ids = [];
  for (let i = 0; i < 23; i++) {
    // Several share one expiry, so that only the id orders them.
    const expires_at = formatInstant(T0 + (Math.floor(i / 4) + 2) * 60_000);
    ids.push((await submitPayment(bank, largePayment(), { expires_at })).id);
  }
});

async function walk(overrides: Record<string, string | number>): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const found = queuePage.parse(
      await listQueue(reviewer, query({ ...overrides, ...(cursor ? { cursor } : {}) }), at(1)),
    );
    seen.push(...found.rows.map(({ id }) => id));
    if (!found.next) return seen;
    cursor = found.next;
  }
}

describe('listQueue', () => {
  it('pages through everything once, by what ends first, with exact counts', async () => {
    const seen = await walk({ limit: 5 });
    expect(seen).toHaveLength(23);
    expect(new Set(seen)).toEqual(new Set(ids));
    const { rows, counts } = await listQueue(reviewer, query({ limit: 200 }), at(1));
    expect(rows.map(({ expiresAt, id }) => expiresAt + id)).toEqual(
      rows.map(({ expiresAt, id }) => expiresAt + id).sort(),
    );
    expect(counts).toEqual({ all: 23, mine: 0, unclaimed: 23, expiringSoon: 16 });
  });

  it('neither skips nor repeats while others arrive and end', async () => {
    const org = await createOrganisation();
    const watcher = await org.person(['reviewer']);
    const mine: string[] = [];
    for (let i = 0; i < 9; i++) {
      mine.push(
        (await submitPayment(org, largePayment(), { expires_at: formatInstant(T0 + (10 + i) * 60_000) })).id,
      );
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    for (;;) {
      const page = await listQueue(watcher, query({ limit: 3, ...(cursor ? { cursor } : {}) }), at(1));
      seen.push(...page.rows.map(({ id }) => id));
      if (!page.next) break;
      cursor = page.next;
      await submitPayment(org, largePayment(), { expires_at: formatInstant(T0 + 60_000) });
    }
    expect(seen).toEqual(mine);
  });

  it('filters by what is mine, unclaimed and expiring, and a lapsed lease is nobody’s', async () => {
    const id = ids[0] as string;
    await claimEscalation(reviewer, id, at(2));
    const other = await bank.person(['reviewer']);
    const list = async (viewer: Reviewer, overrides: Record<string, string>, seconds = 3) =>
      (await listQueue(viewer, query({ ...overrides, limit: 200 }), at(seconds))).rows.map((row) => row.id);
    expect(await list(reviewer, { filter: 'mine' })).toEqual([id]);
    expect(await list(other, { filter: 'mine' })).toEqual([]);
    expect(await list(other, { filter: 'unclaimed' })).not.toContain(id);
    const row = (await listQueue(other, query(), at(3))).rows.find((each) => each.id === id);
    expect(row?.lease).toMatchObject({ person: reviewer.person.id, name: reviewer.person.name, mine: false });
    await testConsole.owner.query(`UPDATE escalations SET expires_at = $2 WHERE id = $1`, [
      id,
      new Date(T0 + 1_800_000),
    ]);
    expect(await list(other, { filter: 'unclaimed' }, 123)).toContain(id);
    expect(await list(reviewer, { filter: 'expiring' })).toHaveLength(15);
    expect(await list(reviewer, { tier: 'unbounded' })).toEqual([]);
    expect(await list(reviewer, { agent: 'payments-agent' })).toHaveLength(23);
    expect(await list(reviewer, { control: 'budget' })).toEqual([]);
  });

  it('shows what has ended, last first, with who decided', async () => {
    const org = await createOrganisation();
    const decider = await org.person(['reviewer']);
    const tasks = [await submitPayment(org), await submitPayment(org)];
    for (const [i, { id }] of tasks.entries()) {
      await decideEscalation(
        decider,
        id,
        verdictOn(await readEscalationPage(decider, id), 'deny'),
        at(20 + i),
      );
    }
    const { rows } = await listQueue(decider, query({ state: 'ended' }), at(60));
    expect(rows.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id).reverse());
    expect(rows[0]).toMatchObject({ state: 'denied', decidedBy: decider.person.name });
    const stranger = await org.person(['reviewer']);
    expect((await listQueue(stranger, query({ state: 'ended', filter: 'mine' }), at(60))).rows).toEqual([]);
    expect(
      (await listQueue(decider, query({ state: 'ended', filter: 'mine', limit: 1 }), at(60))).next,
    ).not.toBeNull();
  });

  it('no longer offers what is overdue, even before the sweeper came', async () => {
    expect((await listQueue(reviewer, query(), at(3600))).counts.all).toBe(0);
    expect((await listQueue(reviewer, query(), at(3600))).rows).toEqual([]);
  });

  it('shows nothing of another tenant', async () => {
    const shop = await createOrganisation();
    const stranger = await shop.person(['senior_reviewer']);
    expect((await listQueue(stranger, query(), at(1))).rows).toEqual([]);
    const cursor = (await listQueue(reviewer, query({ limit: 1 }), at(1))).next ?? '';
    expect((await listQueue(stranger, query({ cursor }), at(1))).rows).toEqual([]);
  });

  it('answers named rows whatever their state, and leaves out foreign and unknown ones', async () => {
    const shop = await createOrganisation();
    const foreign = (await submitPayment(shop)).id;
    const decider = await bank.person(['reviewer']);
    const ended = (await submitPayment(bank)).id;
    await decideEscalation(
      decider,
      ended,
      verdictOn(await readEscalationPage(decider, ended), 'deny'),
      at(20),
    );
    const unknown = 'esc_019aa000-0000-7000-8000-000000000000';
    const named = query({ ids: [ids[1], ended, foreign, unknown].join(',') });
    const { rows } = await listQueue(reviewer, named, at(30));
    expect(new Set(rows.map(({ id, state }) => `${id} ${state}`))).toEqual(
      new Set([`${ids[1]} pending`, `${ended} denied`]),
    );
  });

  it('refuses an invented cursor', async () => {
    await expect(listQueue(reviewer, query({ cursor: "x~' OR 1=1" }), at(1))).rejects.toMatchObject({
      code: 'malformed_request',
    });
  });

  it('uses its index, not a scan, at 20,000 escalations', async () => {
    await testConsole.owner.query(
      `INSERT INTO escalations SELECT 'esc_x' || n, 'other-' || n % 50, gateway, gateway_key, 'k' || n, request_digest,
         'evl_x' || n, decision, instance, state, version, action_digest, action_ref, evidence_ref, sentence, agent, principal,
         tool, tier, control, rule, reason_code, amount, currency, counterparty, subjects, trace_id, policy_id,
         policy_version, policy_digest, quorum, measured, budgets, approvals, lease_person, lease_until, created_at,
         expires_at, ended_at
       FROM escalations, generate_series(1, 20000) n WHERE id = $1`,
      [ids[1]],
    );
    await testConsole.owner.query('ANALYZE escalations');
    const plan = await testConsole.owner.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT id FROM escalations e WHERE e.tenant = 'other-7' AND e.state = 'pending' AND e.expires_at > now() - interval '9 years'
        ORDER BY e.expires_at, e.id LIMIT 51`,
    );
    const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('escalations_queue');
    expect(text).not.toContain('Seq Scan');
  });
});
