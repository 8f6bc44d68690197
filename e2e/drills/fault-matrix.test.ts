/**
 * Every statement of every step that makes evidence, failed and failed but persisted. After each, the caller tries again
 * as a producer, a sequencer, a reviewer or a gateway would, and an audit from scratch must find nothing lost, nothing
 * twice and nothing forked.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { redeemApproval } from '@/lib/server/approvals/redeem';
import { getPool } from '@/lib/server/database/pool';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  submitPayment,
  type TestOrganisation,
  verdictOn,
} from '@/lib/server/escalations/testing/escalation-fixture';
import { getLogMaterial } from '@/lib/server/integrity/list-stream-material';
import { getCheckpoint } from '@/lib/server/log/get-checkpoint';
import { openLog } from '@/lib/server/log/open-log';
import { sequence } from '@/lib/server/log/sequence';
import { ingestRecords } from '@/lib/server/records/ingest';
import { decideEscalation } from '@/lib/server/reviews/decide';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer, type TestProducer } from '@/lib/server/testing/test-producer';
import {
  listJobs,
  listReceipts,
  pinKey,
  registerWitness,
  runDue,
  startLocalWitness,
} from '@/lib/server/witnesses/testing/witness-fixture';
import { treeHead } from '../reference/merkle-tree';
import { readWholeLog } from '../reference/outside-reader';
import { readCheckpoint, readVerifier } from '../reference/signed-note';
import { chainLinks, readLogEntry } from '../reference/stream-chain';
import { callRoute, loadRoutes, type RouteFile } from '../routes/call-route';
import { FAULTS, listStatements, withFault } from './storage-fault';

await startTestConsole();

/** One thing that a caller does, and what must be true once it was tried again until it was answered. */
interface Step {
  name: string;
  prepare(): Promise<{ act(): Promise<unknown>; settle(): Promise<void> }>;
}

let bank: TestOrganisation;
let agent: TestProducer;
let routes: RouteFile[];
const served: Buffer[] = [];
let leaves: Buffer[] = [];
const heads = new Map<bigint, Buffer>();
const DAY_MS = 86_400_000;
let dayMs = Date.now();
const witness = await startLocalWitness('fault-witness.example', 7);

beforeAll(async () => {
  routes = await loadRoutes();
  await openLog();
  bank = await createOrganisation();
  agent = await createTestProducer(bank.tenant);
  await pinKey(witness.vkey);
  await registerWitness('fault-witness', { vkey: witness.vkey, address: witness.url });
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterAll(() => vi.restoreAllMocks());

const count = async (sql: string, values: unknown[]): Promise<number> =>
  (await getPool().query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, values)).rows[0]?.n ?? 0;

/** The loops come round again: until the server notices a dead connection, its locks make others pass by. */
async function againUntil(isDone: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = Date.now() + 30_000;
  while (!(await isDone()) && Date.now() < giveUpAtMs)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

const STEPS: Step[] = [
  {
    name: 'append',
    async prepare() {
      const records = [agent.record(), agent.record(), agent.record()];
      const act = () => ingestRecords(null, records);
      return {
        act,
        async settle() {
          const again = await act();
          expect(again.map(({ status }) => status).every((status) => status !== 'refused')).toBe(true);
          for (const [n, result] of again.entries()) {
            if (result.status === 'refused') continue;
            const stored = await getPool().query<{ envelope: Buffer }>(
              'SELECT envelope FROM records WHERE stream = $1 AND position = $2',
              [result.stream, result.position],
            );
            expect(stored.rows[0]?.envelope.equals(records[n] as Uint8Array)).toBe(true);
          }
        },
      };
    },
  },
  {
    name: 'sequence and publish',
    async prepare() {
      await ingestRecords(null, [agent.record(), agent.record()]);
      const act = () => sequence({ force: true });
      return {
        act,
        async settle() {
          await againUntil(async () => (await act()).outcome !== 'idle');
          expect(await act()).toMatchObject({ outcome: 'waiting', backlog: 0 });
        },
      };
    },
  },
  {
    name: 'decide and issue',
    async prepare() {
      const reviewer = await bank.person(['reviewer']);
      const task = await submitPayment(bank, largePayment());
      const detail = await readEscalationPage(reviewer, task.id);
      const act = () => decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
      return {
        act,
        async settle() {
          const answer = await act();
          expect(answer).toMatchObject({ state: 'approved', verdict: 'approve' });
          expect(answer.approval?.token).toEqual(expect.any(String));
          expect((await act()).approval).toEqual(answer.approval);
          expect(
            await count('reviews r JOIN records USING (stream, position) WHERE r.escalation = $1', [task.id]),
          ).toBe(1);
          expect(await count('approvals WHERE escalation = $1', [task.id])).toBe(1);
        },
      };
    },
  },
  {
    name: 'redeem',
    async prepare() {
      const reviewer = await bank.person(['reviewer']);
      const action = largePayment();
      const task = await submitPayment(bank, action);
      const detail = await readEscalationPage(reviewer, task.id);
      const { approval } = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
      if (!approval) throw new Error('not approved');
      const act = () => redeemApproval(bank.gateway, approval.id, { token: approval.token, action }, at(25));
      return {
        act,
        async settle() {
          // The gateway got no answer: it asks once more, and either way the approval counted exactly once.
          const again = await act().then(
            () => 'redeemed',
            (error: { code?: string }) => error.code,
          );
          expect(['redeemed', 'already_redeemed']).toContain(again);
          expect(await count('redemptions WHERE approval = $1', [approval.id])).toBe(1);
          await expect(act()).rejects.toMatchObject({ code: 'already_redeemed' });
        },
      };
    },
  },
  {
    name: 'stamp',
    async prepare() {
      await ingestRecords(null, [agent.record()]);
      await sequence({ force: true });
      // What a crashed try leaves is due again once its lease has ended: a day later, to be sure.
      const act = () => {
        dayMs += DAY_MS;
        return runDue({ nowMs: dayMs });
      };
      return {
        act,
        async settle() {
          const size = (await getCheckpoint())?.size;
          await againUntil(async () => {
            await act();
            return (await listReceipts('fault-witness')).some((receipt) => receipt.size === size);
          });
          const held = await listReceipts('fault-witness');
          expect(held.at(-1)).toMatchObject({ state: 'complete' });
          expect(new Set(held.map(({ size, n }) => `${size} ${n}`)).size).toBe(held.length);
          expect(held.filter((receipt) => receipt.size === size)).toHaveLength(1);
          expect(await listJobs('fault-witness')).toEqual([]);
        },
      };
    },
  },
];

describe('each statement of each step, failed and failed but persisted', () => {
  const table: string[] = [];
  it.each(STEPS.map((step) => [step.name, step] as const))(
    '%s',
    async (name, step) => {
      // Once before counting: what is cached for long is only asked the first time.
      const first = await step.prepare();
      await first.act();
      await first.settle();
      const clean = await step.prepare();
      const statements = await listStatements(clean.act);
      await clean.settle();
      expect(statements).toContain('COMMIT');
      let reached = 0;
      let unanswered = 0;
      for (const fault of FAULTS) {
        for (let n = 0; n < statements.length; n++) {
          const prepared = await step.prepare();
          const tried = await withFault({ at: n, fault }, prepared.act);
          if (tried.reached) reached++;
          if (tried.result === null) unanswered++;
          await prepared.settle();
          await expectWhole();
        }
      }
      expect(reached).toBe(statements.length * FAULTS.length);
      table.push(
        `${name}: ${statements.length} statements × ${FAULTS.length} faults, ${unanswered} of ${reached} without an answer`,
      );
    },
    240_000,
  );

  afterAll(() => {
    process.stdout.write(`After every fault a retry and an audit from scratch\n${table.join('\n')}\n`);
  });
});

/** Streams chain, the log hashes to its checkpoint, and every checkpoint ever served is a prefix of it. */
async function expectWhole(): Promise<void> {
  const log = readVerifier(getLogMaterial().vkey);
  const view = await readWholeLog(async (path) => {
    const response = await callRoute(routes, new Request(`http://console.test${path}`));
    const body = Buffer.from(await response.arrayBuffer());
    if (path === '/log/checkpoint') served.push(body);
    return { status: response.status, body };
  }, log);
  const rows = await getPool().query<{ stream: string; position: number; envelope: Buffer; link: Buffer }>(
    'SELECT stream, position, envelope, link FROM records ORDER BY stream, position',
  );
  const streams = Map.groupBy(rows.rows, ({ stream }) => stream);
  for (const [stream, records] of streams) {
    const links = chainLinks(
      stream,
      records.map(({ envelope }) => envelope),
    );
    expect(records.map(({ position }) => position)).toEqual(records.map((_, n) => n + 1));
    expect(records.every(({ link }, n) => link.equals(links[n + 1] as Buffer))).toBe(true);
  }
  for (const { stream, position, link } of view.entries.map(readLogEntry))
    expect(streams.get(stream)?.[position - 1]?.link.equals(link)).toBe(true);
  // What was once under a head stays there, so each head is rebuilt once.
  expect(view.leaves.slice(0, leaves.length)).toEqual(leaves);
  leaves = view.leaves;
  for (const note of served.splice(0)) {
    const { size, root } = readCheckpoint(note, log);
    const head = heads.get(size) ?? treeHead(leaves.slice(0, Number(size)));
    heads.set(size, head);
    expect(head.equals(root)).toBe(true);
  }
}
