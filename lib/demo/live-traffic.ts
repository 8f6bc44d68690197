/**
 * The demo's traffic from now on, over the real HTTP API: agents propose, gateways ask, people decide in the browser,
 * gateways verify offline, redeem, execute and report. Nobody decides here.
 */
import type { JsonObject, JsonValue } from '@/lib/core/json';
import { createGateway, type Gateway } from '@/lib/gateway/create-gateway';
import { createMemoryOutbox } from '@/lib/gateway/outbox';
import { pause } from '@/lib/gateway/transport';
import { getPool } from '@/lib/server/database/pool';
import { newId } from '@/lib/server/random';
import { decisionBodyOf } from './decision-body';
import type { Proposal } from './proposal';
import { createSeededRandom, type SeededRandom } from './seeded-random';
import type { DemoSite } from './set-up-demo';
import { type WaitingTask, WaitingTasks } from './waiting-tasks';

/** Mean time between two proposals of one organisation. */
const GAP_MS = 30_000;
/** A gateway that cannot reach the console asks again after this long; it executes nothing meanwhile. */
const RETRY_MS = 5_000;
/** How often a gateway looks whether a reviewer asks something. */
const LOOK_MS = 30_000;
const ANSWER =
  'It follows the document that the agent retrieved; the original is with the department that ordered it.';

interface LiveSite {
  site: DemoSite;
  gateway: Gateway;
  /** Each agent signs its own records. */
  agents: Map<string, Gateway>;
  random: SeededRandom;
}

async function openSite(site: DemoSite, origin: string, jwks: JsonValue): Promise<LiveSite> {
  const agents = new Map<string, Gateway>();
  for (const { id } of site.scenario.producers) {
    const key = site.keys.get(id);
    if (!key) throw new Error(`The demo has no key for ${id}.`);
    const { rows } = await getPool().query<{ last_seq: number }>(
      'SELECT last_seq FROM streams WHERE stream = $1',
      [id],
    );
    const outbox = createMemoryOutbox({ [id]: rows[0]?.last_seq ?? 0 });
    agents.set(id, createGateway({ origin, producerId: id, seed: key.seed, jwks, outbox }));
  }
  const gateway = agents.get(site.scenario.gateway);
  if (!gateway)
    throw new Error(`The scenario's gateway ${site.scenario.gateway} is not among its producers.`);
  return { site, gateway, agents, random: createSeededRandom(Date.now() ^ site.scenario.dailyRate) };
}

/** The demo's own fault must not end the console that people look at. */
function reportFault(error: unknown): void {
  console.error('demo traffic:', error instanceof Error ? error.message : error);
}

/** Sees one escalation through to its end, whatever it is. */
async function follow(
  live: LiveSite,
  waiting: WaitingTasks,
  task: WaitingTask,
  signal: AbortSignal,
): Promise<void> {
  const { gateway } = live;
  while (!signal.aborted) {
    const ended = await gateway.wait(task.id, { timeoutMs: LOOK_MS, signal });
    // An outage is no answer: only a task that the console does not know any more is let go.
    if (!ended.ok && ended.problem !== 'task_unknown') {
      await pause(RETRY_MS, signal);
      continue;
    }
    if (signal.aborted) return;
    if (ended.ok && ended.value.status === 'pending') {
      for (const { id } of ended.value.questions)
        await gateway.answer(task.id, { questionId: id, answer: ANSWER });
      continue;
    }
    if (ended.ok && ended.value.approval) {
      const { id: approvalId, token } = ended.value.approval;
      if (gateway.verify(token, task.action).ok) {
        const redeemed = await gateway.redeem({ approvalId, token, action: task.action });
        if (redeemed.ok)
          await gateway.report(approvalId, { state: 'forwarded', downstream: task.downstream });
      }
    }
    waiting.remove(task.id);
    const narrowed = ended.ok ? ended.value.superseded : null;
    if (!narrowed?.action) return;
    const next = { ...task, id: narrowed.taskId, action: narrowed.action };
    waiting.add(next);
    return follow(live, waiting, next, signal);
  }
}

/** One proposal from decision point to record and, where people are needed, to them. */
async function propose(
  live: LiveSite,
  waiting: WaitingTasks,
  proposals: Proposal[],
  signal: AbortSignal,
): Promise<void> {
  const { gateway, agents } = live;
  const decisions: string[] = [];
  for (const proposal of proposals) {
    const answer = await gateway.evaluate(proposal.action, signal);
    if (!answer.ok) return;
    const decisionId = newId('dec');
    const body = decisionBodyOf(
      proposal,
      answer.value,
      proposal.follows.map((index) => decisions[index] as string),
    );
    decisions.push(decisionId);
    const recorded = await agents
      .get(proposal.producer)
      ?.record({ kind: 'decision', id: decisionId, body: body as unknown as JsonObject });
    if (!recorded?.ok || answer.value.verdict !== 'escalate') continue;
    const task = await gateway.escalate(
      {
        action: proposal.action,
        evaluationId: answer.value.evaluationId,
        evidence: proposal.evidence,
        decisionId,
        subjects: proposal.subjects,
      },
      signal,
    );
    if (!task.ok) continue;
    const kept: WaitingTask = {
      id: task.value.id,
      gateway: live.site.scenario.gateway,
      decisionId,
      action: proposal.action,
      downstream: proposal.downstream,
    };
    waiting.add(kept);
    follow(live, waiting, kept, signal).catch(reportFault);
  }
}

async function keepProposing(live: LiveSite, waiting: WaitingTasks, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(-Math.log(1 - live.random.next()) * GAP_MS, signal);
    if (signal.aborted) return;
    const nowMs = Date.now();
    const proposals = live.site.scenario
      .propose(live.random, nowMs, nowMs)
      .map((proposal) => ({ ...proposal, atMs: nowMs }));
    await propose(live, waiting, proposals, signal).catch(reportFault);
  }
}

/**
 * Starts the traffic of every site and takes up what its gateways were waiting for. Ends when `signal` aborts.
 * @throws TypeError when the console cannot be reached at the start
 */
export async function startLiveTraffic(options: {
  origin: string;
  dataDirectory: string;
  sites: readonly DemoSite[];
  signal: AbortSignal;
}): Promise<void> {
  const { origin, signal } = options;
  const jwks = (await (await fetch(`${origin}/.well-known/jwks.json`, { signal })).json()) as JsonValue;
  const waiting = new WaitingTasks(options.dataDirectory);
  for (const site of options.sites) {
    const live = await openSite(site, origin, jwks);
    for (const task of waiting.list()) {
      if (task.gateway === site.scenario.gateway) follow(live, waiting, task, signal).catch(reportFault);
    }
    keepProposing(live, waiting, signal).catch(reportFault);
  }
}
