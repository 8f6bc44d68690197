/**
 * The demo's history: ninety days of three organisations, played through the very verbs that serve the HTTP API, in
 * order of time. Nothing is written that the verbs would not write; only the clock is given to them.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '@/lib/core/bytes';
import { formatInstant } from '@/lib/core/instant';
import { evaluate } from '@/lib/server/access/evaluate';
import { getConfig } from '@/lib/server/config';
import { getPool } from '@/lib/server/database/pool';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { newId } from '@/lib/server/random';
import { ingestRecords } from '@/lib/server/records/ingest';
import { ADMISSION } from './admission';
import { DAY_MS, HISTORY_DAYS } from './day-ms';
import { decisionBodyOf } from './decision-body';
import { endDemoDevices, registerDemoDevices } from './demo-passkeys';
import { reconcileDemo } from './demo-reconciliation';
import { callerOf, type HistoryStage } from './history-stage';
import { lendDemoAuthority } from './lend-demo-authority';
import { planSearches } from './plan-searches';
import { planVault } from './plan-vault';
import { playAdmission } from './play-admission';
import { planPastDrills } from './play-drills';
import { playEscalation } from './play-escalation';
import type { Proposal, Scenario } from './proposal';
import { readEvaluation } from './read-evaluation';
import { planPrompts } from './register-prompts';
import { payments } from './scenarios/payments';
import { sepsis } from './scenarios/sepsis';
import { shopping } from './scenarios/shopping';
import { createSeededRandom, type SeededRandom } from './seeded-random';
import { type DemoSite, setUpSite } from './set-up-demo';
import { createTimeline } from './timeline';
import { WaitingTasks } from './waiting-tasks';

export const SCENARIOS: readonly Scenario[] = [shopping, sepsis, payments];

/** Records go in batches; more than this many wait for nobody. */
const BATCH = 200;
const LATE_MS = 15 * 60_000;
const LATE_ESCALATIONS = 5;
const MOST_LATE_PROPOSALS = 120;

/** Hours are busier by day; returns how many milliseconds until the next proposal. */
function gapMs(random: SeededRandom, dailyRate: number, atMs: number): number {
  const hour = new Date(atMs).getUTCHours();
  const load = hour >= 4 && hour <= 16 ? 1.5 : 0.55;
  return (-Math.log(1 - random.next()) * DAY_MS) / (dailyRate * load);
}

async function propose(stage: HistoryStage, proposals: Proposal[]): Promise<void> {
  const { site } = stage;
  const decisions: string[] = [];
  for (const proposal of proposals) {
    const caller = callerOf(site);
    const answer = readEvaluation(await evaluate(caller, proposal.action, {}, { nowMs: proposal.atMs }));
    const decisionId = newId('dec', proposal.atMs);
    const parents = proposal.follows.map((index) => decisions[index] as string);
    decisions.push(decisionId);
    const body = decisionBodyOf(proposal, answer, parents);
    const producer = site.producers.get(proposal.producer);
    if (!producer) throw new Error(`The scenario names an unknown producer ${proposal.producer}.`);
    await stage.record(producer.sign('decision', decisionId, proposal.atMs, body));
    if (answer.verdict === 'escalate') await playEscalation(stage, proposal, answer.evaluationId, decisionId);
  }
}

function planChanges(stage: HistoryStage, fromMs: number): void {
  const { site, timeline, endMs } = stage;
  const { scenario } = site;
  for (const policy of scenario.policies.slice(1)) {
    const atMs = endMs - policy.daysAgo * DAY_MS;
    if (atMs <= fromMs) continue;
    timeline.at(atMs, async () => {
      const admin = [...site.people.values()].find(({ roles }) => roles.includes('admin'));
      await publishPolicy(
        {
          tenant: scenario.tenant,
          text: JSON.stringify(policy.document, null, 2),
          publishedBy: admin?.person.id ?? 'setup',
        },
        { nowMs: atMs },
      );
    });
  }
  for (const change of scenario.changes) {
    const atMs = endMs - change.daysAgo * DAY_MS;
    if (atMs <= fromMs) continue;
    timeline.at(atMs, async () => {
      const producer = site.producers.get(change.producer);
      if (!producer) throw new Error(`The scenario names an unknown producer ${change.producer}.`);
      await stage.record(
        producer.sign('change', newId('rec', atMs), atMs, {
          target: change.target,
          name: change.name,
          from_version: change.fromVersion,
          to_version: change.toVersion,
          summary: change.summary,
        }),
      );
    });
  }
}

function planProposals(stage: HistoryStage, atMs: number): void {
  const { site, timeline, random, endMs } = stage;
  timeline.at(atMs, async () => {
    await propose(stage, site.scenario.propose(random, atMs, endMs));
    const nextMs = Math.round(atMs + gapMs(random, site.scenario.dailyRate, atMs));
    if (nextMs < endMs) planProposals(stage, nextMs);
  });
}

function createStage(
  site: DemoSite,
  waiting: WaitingTasks,
  endMs: number,
  onRecord: () => void,
): HistoryStage {
  let batch: Uint8Array[] = [];
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = [];
    if (full.length === 0) return;
    for (const result of await ingestRecords(null, full)) {
      if (result.status !== 'accepted')
        throw new Error(`A demo record was refused: ${JSON.stringify(result)}`);
    }
  };
  return {
    site,
    timeline: createTimeline(),
    random: createSeededRandom(utf8(site.scenario.tenant).reduce((sum, byte) => (sum * 31 + byte) >>> 0, 17)),
    waiting,
    endMs,
    record: async (envelope) => {
      batch.push(envelope);
      onRecord();
      if (batch.length >= BATCH) await flush();
    },
    flush,
  };
}

async function historyEndsAt(tenant: string): Promise<number | null> {
  const { rows } = await getPool().query<{ at: Date | null }>(
    'SELECT max(occurred_at) AS at FROM decisions WHERE tenant = $1',
    [tenant],
  );
  return rows[0]?.at?.getTime() ?? null;
}

/** The first minute shows a queue: the last quarter of an hour was busy, and nobody has looked yet. */
async function leaveSomeWaiting(stage: HistoryStage): Promise<void> {
  const { site, random, endMs } = stage;
  const before = stage.waiting.list().length;
  for (
    let step = 0;
    step < MOST_LATE_PROPOSALS && stage.waiting.list().length < before + LATE_ESCALATIONS;
    step++
  ) {
    const atMs = endMs - LATE_MS + Math.round((LATE_MS * step) / MOST_LATE_PROPOSALS);
    await propose(stage, site.scenario.propose(random, atMs, endMs));
  }
}

async function playHistory(
  site: DemoSite,
  waiting: WaitingTasks,
  endMs: number,
  days: number,
  onRecord: () => void,
): Promise<void> {
  const lastMs = await historyEndsAt(site.scenario.tenant);
  const fromMs = Math.max(lastMs ?? 0, endMs - days * DAY_MS);
  const stage = createStage(site, waiting, endMs, onRecord);
  // The admission was in the summer: it can only be played before anything else, on a console that runs after it.
  if (site.scenario.tenant === 'st-brigid' && lastMs === null && (ADMISSION.at(-1)?.atMs ?? 0) < fromMs)
    planVault(stage, await playAdmission(stage));
  planPrompts(stage, fromMs);
  planChanges(stage, fromMs);
  planProposals(stage, fromMs + 1);
  planSearches(stage, fromMs);
  planPastDrills(stage, fromMs);
  await stage.timeline.run(endMs);
  await leaveSomeWaiting(stage);
  await stage.flush();
  await lendDemoAuthority(site, endMs);
  const officer = [...site.people.values()].find(({ roles }) => roles.includes('compliance'));
  if (site.scenario.tenant === 'harbour-bank' && officer)
    await reconcileDemo(site.scenario.tenant, officer.person.id, endMs);
}

/**
 * Nobody is told of history's records before the end, so they need not each wait for the disk: the last commit does,
 * and with it everything before it.
 */
async function withoutWaitingForDisk<T>(work: () => Promise<T>): Promise<T> {
  const pool = getPool();
  // Awaited by the pool before a new connection is handed out.
  pool.options.onConnect = async (client) => void (await client.query('SET synchronous_commit = off'));
  try {
    const result = await work();
    await pool.query(
      "BEGIN; SET LOCAL synchronous_commit = on; SELECT pg_logical_emit_message(true, 'demo', ''); COMMIT",
    );
    return result;
  } finally {
    delete pool.options.onConnect;
  }
}

/**
 * Fills an empty demo console, or finishes what an interrupted start began; a finished one is left alone.
 * @param onProgress told how many producer records have been written so far
 * @returns the sites, for the live traffic that follows
 */
export async function seedDemo(options: {
  nowMs: number;
  days?: number;
  signal?: AbortSignal;
  onProgress: (records: number) => void;
}): Promise<DemoSite[]> {
  const { dataDirectory } = getConfig();
  const sites: DemoSite[] = [];
  for (const scenario of SCENARIOS) sites.push(await setUpSite(scenario, options.nowMs));
  const marker = join(dataDirectory, 'demo', 'history.json');
  if (existsSync(marker)) return sites;
  for (const site of sites) await registerDemoDevices(site.people, options.nowMs - 91 * DAY_MS);
  const waiting = new WaitingTasks(dataDirectory);
  let records = 0;
  await withoutWaitingForDisk(() =>
    Promise.all(
      sites.map((site) =>
        playHistory(site, waiting, options.nowMs, options.days ?? HISTORY_DAYS, () => {
          options.signal?.throwIfAborted();
          options.onProgress(++records);
        }),
      ),
    ),
  );
  for (const site of sites) await endDemoDevices(site.people, options.nowMs);
  writeFileSync(marker, `${JSON.stringify({ endedAt: formatInstant(options.nowMs) })}\n`);
  return sites;
}
