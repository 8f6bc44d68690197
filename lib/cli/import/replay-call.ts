/** One tool call of a real run, taken through the public HTTP API as its gateway would. */
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import type { JsonObject } from '@/lib/core/json';
import { documentDigest } from '@/lib/demo/content-digest';
import { decisionBodyOf } from '@/lib/demo/decision-body';
import type { DecisionInput } from '@/lib/demo/proposal';
import type { GatewayEvidence } from '@/lib/gateway/access-client';
import type { Gateway } from '@/lib/gateway/create-gateway';
import { newId, newRandomBytes } from '@/lib/server/random';
import type { Action } from '@/lib/tokens/action';
import { agentId, proposeCall } from './propose-call';
import type { TraceCall, TraceRun } from './trace-run';

/** Evidence that reviewers get is the latest that fits the API's own limit, whole passages only. */
const MAX_EVIDENCE_CHARACTERS = 120_000;
const MAX_PASSAGE_CHARACTERS = 32_000;
const MAX_PASSAGES = 40;
/** Newest retrieved items that a record names: with their digests they must fit into 64 KiB. */
const MAX_ITEMS = 128;

/** What the whole run has in common. */
export interface RunContext {
  run: TraceRun;
  principal: string;
  session: string;
  traceId: string;
  /** The decision before this one in the run. */
  parent: string | null;
}

export interface ReplayedCall {
  decisionId: string;
  verdict: 'allow' | 'refuse' | 'escalate' | 'defer';
  control: string;
  /** Whether the call went ahead, and by what right. */
  executed: 'no' | 'by-policy' | 'by-person';
  end: string;
}

/**
 * The name of a tool result within its run: its place among the run's tool messages and the tool it came from. The
 * decision record and the evidence shown to reviewers use the same, so that one can be found from the other.
 */
export function resultId(index: number, tool: string): string {
  return `result-${index + 1}/${tool.replaceAll(/[^A-Za-z0-9._:/@+-]/g, '_').slice(0, 100)}`;
}

function evidenceOf(call: TraceCall): GatewayEvidence {
  const retrieved: NonNullable<GatewayEvidence['retrieved']> = [];
  let characters = 0;
  for (const [index, item] of [...call.seen.entries()].reverse()) {
    if (retrieved.length >= MAX_PASSAGES) break;
    const fits =
      item.text.length <= MAX_PASSAGE_CHARACTERS && characters + item.text.length <= MAX_EVIDENCE_CHARACTERS;
    if (fits) characters += item.text.length;
    retrieved.unshift({
      id: resultId(index, item.tool),
      title: item.tool,
      digest: documentDigest(item.text),
      ...(fits && item.text !== '' ? { text: item.text } : {}),
    });
  }
  return { ...(call.said ? { agentSaid: call.said.slice(0, 8000) } : {}), retrieved };
}

function bodyOf(
  context: RunContext,
  call: TraceCall,
  action: Action,
): Omit<DecisionInput, 'output' | 'downstream'> {
  const { run } = context;
  const asked = utf8(run.asked);
  return {
    identity: {
      agent: { id: agentId(run), name: agentId(run), version: '1', runtime: String(action.context.runtime) },
      principal: { type: 'user', token: context.principal },
      session_id: context.session,
      run_id: `run-${context.session}`,
      trace_id: context.traceId,
      parents: context.parent ? [context.parent] : [],
      subjects: [{ type: 'user', token: context.principal }],
    },
    input: {
      digest: formatDigest('sha3-512', sha3_512(concatBytes(newRandomBytes(32), asked))),
      media_type: 'text/plain',
      byte_count: asked.length,
    },
    model: { provider: 'replayed', name: run.model.slice(0, 256), version: 'as-published', parameters: {} },
    context: {
      retrieval: {
        index: 'tool-results',
        version: '1',
        items: call.seen
          .map((item, index) => ({ id: resultId(index, item.tool), digest: documentDigest(item.text) }))
          .slice(-MAX_ITEMS),
      },
    },
    guardrails: [],
  };
}

/** Replays one call; whatever becomes of it, it is a record before this returns. */
export async function replayCall(
  gateway: Gateway,
  context: RunContext,
  call: TraceCall,
  signal: AbortSignal,
): Promise<ReplayedCall> {
  const decisionId = newId('dec');
  const action = proposeCall(context.run, call, context.principal, context.session);
  const proposal = { action, body: bodyOf(context, call, action), downstream: [] };
  let verdict: ReplayedCall['verdict'] = 'refuse';
  let control = 'containment';
  let recorded = false;
  const outcome = await gateway.guard(action, async () => ({ value: true }), {
    evidence: evidenceOf(call),
    subjects: [{ type: 'user', token: context.principal }],
    decision: {
      id: decisionId,
      body: (evaluation) => {
        ({ verdict, control } = evaluation);
        recorded = true;
        return decisionBodyOf(
          proposal,
          evaluation,
          context.parent ? [context.parent] : [],
        ) as unknown as JsonObject;
      },
    },
    signal,
  });
  if (outcome.status === 'failed') {
    if (recorded) throw new Error(`The console failed at ${call.name}: ${JSON.stringify(outcome.failure)}`);
    await recordUnproposed(gateway, context, call, proposal.body, decisionId, outcome.failure.code);
    return { decisionId, verdict, control, executed: 'no', end: `framework: ${outcome.failure.code}` };
  }
  const executed =
    outcome.status !== 'executed' ? 'no' : outcome.authority.approvalId === null ? 'by-policy' : 'by-person';
  return { decisionId, verdict, control, executed, end: outcome.status };
}

/** A call that never was an action (arguments that are no JSON object, numbers no one can sign): refused by the framework. */
async function recordUnproposed(
  gateway: Gateway,
  context: RunContext,
  call: TraceCall,
  body: Omit<DecisionInput, 'output' | 'downstream'>,
  id: string,
  code: string,
): Promise<void> {
  const refused: DecisionInput = {
    ...body,
    output: {
      action: { name: call.name, resource: { type: context.run.suite, id: 'unreadable' }, tier: 'unbounded' },
      outcome: { verdict: 'refuse', source: 'framework', control: 'containment', reason_code: code },
    },
  };
  const sent = await gateway.record({ kind: 'decision', id, body: refused as unknown as JsonObject });
  if (!sent.ok) throw new Error(`A call could not be recorded: ${JSON.stringify(sent)}`);
}
