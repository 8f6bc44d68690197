import type { z } from 'zod';
import { utf8 } from '@/lib/core/bytes';
import type { JsonValue } from '@/lib/core/json';
import { type Action, actionDigest, parseAction } from '@/lib/tokens/action';
import type { ApprovalTerms } from './check-terms';
import { failure, type GatewayResult } from './gateway-result';
import { pause, type Transport } from './transport';
import { evaluationAnswer, outcomeAnswer, receiptAnswer, taskAnswer } from './wire';

export type Evaluation = {
  verdict: 'allow' | 'refuse' | 'escalate' | 'defer';
  evaluationId: string;
  control: string;
  rule: string;
  reasonCode: string;
  tier: 'reversible' | 'bounded' | 'unbounded';
  actionDigest: string;
  policy: { id: string; version: number; digest: string };
  budgets: {
    name: string;
    measure: string;
    window: string;
    unit: string;
    used: string;
    thisAction: string;
    limit: string;
  }[];
  /** People can be asked until then (RFC 3339); null when nobody can lift the verdict. */
  requestableUntil: string | null;
  /** Whom the policy wants to agree; null when nobody can lift the verdict. */
  terms: ApprovalTerms | null;
};

export type Task = {
  id: string;
  /** Only `approved` is an approval. `expired`, `cancelled` and `failed` are nobody's decision. */
  status: 'pending' | 'approved' | 'denied' | 'expired' | 'cancelled' | 'failed' | 'partial';
  approvals: number;
  needed: number;
  expiresAt: string;
  approval: { id: string; token: string; approvedUntil: string } | null;
  denialReason: string | null;
  /** A person narrowed the action into this task; only exactly `action` may be proposed now. Null once it was erased. */
  superseded: { taskId: string; action: Action | null } | null;
  /** What reviewers ask and nobody has answered. */
  questions: { id: string; question: string; askedAt: string }[];
};

/** What the agent saw and said, for the reviewer; shown as the agent's, never as the console's. */
export type GatewayEvidence = {
  agentSaid?: string;
  prompt?: { template: string; version: string; digest?: string };
  model?: { provider: string; name: string; version: string };
  retrieved?: {
    id: string;
    title?: string;
    score?: string;
    digest?: string;
    text?: string;
    mediaType?: string;
  }[];
  guardrails?: {
    name: string;
    version: string;
    verdict: 'pass' | 'fail' | 'error';
    score?: string;
    threshold?: string;
  }[];
};

export type GatewayRecommendation = {
  model: { provider: string; name: string; version: string };
  verdict: 'approve' | 'deny' | 'unsure';
  rationale: string;
  /** Decimal string. */
  score?: string;
};

export type EscalationRequest = {
  action: Action;
  evaluationId: string;
  evidence?: GatewayEvidence;
  decisionId?: string;
  subjects?: { type: string; token: string }[];
  /** The same key and body give the same task, however often they are sent. Default: the evaluation's id. */
  idempotencyKey?: string;
  /** Earlier than the policy's own limit, RFC 3339. */
  expiresAt?: string;
  /** A machine's opinion; reviewers see it after their own first impression. */
  recommendation?: GatewayRecommendation;
  /** An address registered for this gateway, told when the task changes. */
  callback?: { url: string };
};

export type Downstream = { system: string; type: string; id: string };
export type ActionOutcome = {
  state: 'forwarded' | 'upstream_error' | 'not_forwarded';
  downstream: Downstream[];
};
export type RedemptionReceipt = {
  approvalId: string;
  redeemedAt: string;
  actionDigest: string;
  record: { stream: string; position: number; link: string };
};

const LONG_POLL_S = 25;
/** Least time between two questions, should the console answer at once. */
const POLL_EVERY_MS = 1_000;
const REPEATABLE = 4;

/** The access API of formats.md §7, call by call. */
export interface AccessClient {
  evaluate(action: Action, signal?: AbortSignal): Promise<GatewayResult<Evaluation>>;
  escalate(request: EscalationRequest, signal?: AbortSignal): Promise<GatewayResult<Task>>;
  /** Waits until the task ends or `timeoutMs` have passed; a task still pending then is returned as pending. */
  wait(taskId: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<GatewayResult<Task>>;
  cancel(taskId: string): Promise<GatewayResult<Task>>;
  /** Answers one of a pending task's `questions`; the answer becomes part of what reviewers are shown. */
  answer(taskId: string, given: { questionId: string; answer: string }): Promise<GatewayResult<Task>>;
  /** Once. Sent once, too: whoever gets no answer must not execute, and asks people again. */
  redeem(approval: {
    approvalId: string;
    token: string;
    action: Action;
  }): Promise<GatewayResult<RedemptionReceipt>>;
  report(approvalId: string, outcome: ActionOutcome): Promise<GatewayResult<true>>;
}

export function createAccessClient(transport: Transport): AccessClient {
  const json = (value: unknown) => utf8(JSON.stringify(value));

  async function getTask(taskId: string, waitS: number, signal?: AbortSignal): Promise<GatewayResult<Task>> {
    const answer = await transport.sendJson(taskAnswer, {
      method: 'GET',
      path: `/access/v1/requests/${encodeURIComponent(taskId)}`,
      headers: waitS > 0 ? { prefer: `wait=${waitS}` } : {},
      timeoutMs: (waitS + 15) * 1000,
      attempts: REPEATABLE,
      signal,
    });
    return answer.ok ? readTask(answer.value, taskId) : answer;
  }

  return {
    async evaluate(action, signal) {
      const read = parseAction(action);
      if (!read.ok) return failure('action_invalid', { detail: read.detail ?? read.code });
      const answer = await transport.sendJson(evaluationAnswer, {
        method: 'POST',
        path: '/access/v1/evaluation',
        body: json(read.value),
        signal,
      });
      return answer.ok ? readEvaluation(answer.value, actionDigest(read.value)) : answer;
    },

    async escalate(request, signal) {
      const read = parseAction(request.action);
      if (!read.ok) return failure('action_invalid', { detail: read.detail ?? read.code });
      const answer = await transport.sendJson(taskAnswer, {
        method: 'POST',
        path: '/access/v1/requests',
        headers: { 'idempotency-key': request.idempotencyKey ?? request.evaluationId },
        body: json({
          ...read.value,
          evaluation_id: request.evaluationId,
          evidence: request.evidence,
          decision_id: request.decisionId,
          subjects: request.subjects,
          expires_at: request.expiresAt,
          recommendation: request.recommendation,
          callback: request.callback,
        }),
        attempts: REPEATABLE,
        signal,
      });
      if (!answer.ok) return answer;
      const digest = answer.value.action_digest;
      if (digest !== undefined && digest !== actionDigest(read.value))
        return failure('response_malformed', { detail: 'action_digest' });
      return readTask(answer.value);
    },

    async wait(taskId, { timeoutMs, signal }) {
      const deadlineMs = transport.now() + timeoutMs;
      for (;;) {
        const askedMs = transport.now();
        const leftS = Math.max(0, Math.ceil((deadlineMs - transport.now()) / 1000));
        const task = await getTask(taskId, Math.min(LONG_POLL_S, leftS), signal);
        if (!task.ok || task.value.status !== 'pending') return task;
        if (signal?.aborted) return failure('aborted');
        if (transport.now() >= deadlineMs) return task;
        await pause(Math.max(0, POLL_EVERY_MS - (transport.now() - askedMs)), signal);
      }
    },

    async cancel(taskId) {
      const answer = await transport.sendJson(taskAnswer, {
        method: 'POST',
        path: `/access/v1/requests/${encodeURIComponent(taskId)}/cancel`,
      });
      return answer.ok ? readTask(answer.value, taskId) : answer;
    },

    async answer(taskId, { questionId, answer: words }) {
      const answered = await transport.sendJson(taskAnswer, {
        method: 'POST',
        path: `/access/v1/requests/${encodeURIComponent(taskId)}/information`,
        body: json({ information_id: questionId, answer: words }),
      });
      return answered.ok ? readTask(answered.value, taskId) : answered;
    },

    async redeem({ approvalId, token, action }) {
      const read = parseAction(action);
      if (!read.ok) return failure('action_invalid', { detail: read.detail ?? read.code });
      const answer = await transport.sendJson(receiptAnswer, {
        method: 'POST',
        path: `/access/v1/approvals/${encodeURIComponent(approvalId)}/redeem`,
        body: json({ token, action: read.value }),
      });
      if (!answer.ok) return answer;
      const { approval_id, redeemed_at, action_digest, record } = answer.value;
      if (approval_id !== approvalId || action_digest !== actionDigest(read.value))
        return failure('response_malformed', { detail: 'a receipt for something else' });
      return {
        ok: true,
        value: { approvalId: approval_id, redeemedAt: redeemed_at, actionDigest: action_digest, record },
      };
    },

    async report(approvalId, outcome) {
      const answer = await transport.sendJson(outcomeAnswer, {
        method: 'POST',
        path: `/access/v1/approvals/${encodeURIComponent(approvalId)}/outcome`,
        body: json(outcome satisfies JsonValue),
        attempts: REPEATABLE,
      });
      return answer.ok ? { ok: true, value: true } : answer;
    },
  };
}

function readEvaluation(
  { context }: z.infer<typeof evaluationAnswer>,
  digest: string,
): GatewayResult<Evaluation> {
  if (context.action_digest !== digest) return failure('response_malformed', { detail: 'action_digest' });
  return {
    ok: true,
    value: {
      verdict: context.verdict,
      evaluationId: context.evaluation_id,
      control: context.control,
      rule: context.rule,
      reasonCode: context.reason_code,
      tier: context.tier,
      actionDigest: digest,
      policy: context.policy,
      budgets: context.budgets.map(({ this_action, ...budget }) => ({ ...budget, thisAction: this_action })),
      requestableUntil: context.access_request?.expires_at ?? null,
      terms: context.access_request
        ? {
            quorum: context.access_request.quorum,
            breakGlass: context.access_request.break_glass,
            policyDigest: context.policy.digest,
          }
        : null,
    },
  };
}

/** An action that cannot be read is none: then nothing can be proposed in its place. */
function readSuperseded(superseded: { id: string; action?: unknown } | undefined): Task['superseded'] {
  if (!superseded) return null;
  const action = parseAction(superseded.action);
  return { taskId: superseded.id, action: action.ok ? action.value : null };
}

function readTask(answer: z.infer<typeof taskAnswer>, expectedId?: string): GatewayResult<Task> {
  if (expectedId !== undefined && answer.id !== expectedId)
    return failure('response_malformed', { detail: 'another task' });
  const approval = answer.result?.approval;
  if ((answer.status === 'approved') !== (approval !== undefined))
    return failure('response_malformed', { detail: 'status and result differ' });
  return {
    ok: true,
    value: {
      id: answer.id,
      status: answer.status,
      approvals: answer.progress.approvals,
      needed: answer.progress.needed,
      expiresAt: answer.expires_at,
      approval: approval
        ? { id: approval.id, token: approval.state, approvedUntil: approval.approved_until }
        : null,
      denialReason: answer.result?.denial?.reason_code ?? null,
      superseded: readSuperseded(answer.result?.superseded),
      questions: (answer.progress.information_requested ?? []).map(({ id, question, asked_at }) => ({
        id,
        question,
        askedAt: asked_at,
      })),
    },
  };
}
