/**
 * One GenAI span (OpenTelemetry semantic conventions `gen_ai.*`, v1.41) as the body of a decision record.
 *
 * Nothing is guessed: what the record needs stands in the span under the names below, or no record is made and the reason
 * is said. What the span holds of prompts and answers is returned beside the body, to be digested; it never enters it.
 *
 * | member                       | attribute                                                                               |
 * | ---------------------------- | --------------------------------------------------------------------------------------- |
 * | that it is one               | `gen_ai.operation.name`, `countersign.audit` = true                                       |
 * | agent                        | `gen_ai.agent.id`, `.name`, `.version`; `deployment.environment.name` of the resource     |
 * | subjects, principal          | `countersign.subjects` (`["customer=tok_…"]`), `countersign.principal` (`"customer=tok_…"`) |
 * | session, run, parents        | `gen_ai.conversation.id`, `countersign.run_id`, `countersign.parents`                     |
 * | model                        | `gen_ai.provider.name`, `gen_ai.request.model` (name), `gen_ai.response.model` (version)  |
 * | prompt                       | `countersign.prompt.template`, `.version`, `.digest`                                      |
 * | policy, routing              | `countersign.policy.id`, `.version`, `.digest`; `countersign.routing`                     |
 * | retrieval                    | `countersign.retrieval.index`, `.version`; events `countersign.retrieval.item`: `id`, `digest`, `score` |
 * | guardrails                   | events `countersign.guardrail`: `name`, `version`, `verdict`, `score`, `threshold`        |
 * | action                       | `countersign.action.name` or `gen_ai.tool.name`; `countersign.action.resource.type`, `.id`; `.amount`, `.currency`; `.digest` |
 * | tier, outcome                | `countersign.tier`, `.outcome`, `.source`, `.control`, `.rule`, `.reason_code`            |
 * | input, output (digests only) | `gen_ai.input.messages` or `gen_ai.tool.call.arguments`; `gen_ai.output.messages` or `gen_ai.tool.call.result` |
 */
import * as z from 'zod';
import { suspectIdentifier } from '@/lib/contract/suspect-identifier';
import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { formatId } from '@/lib/core/id';
import { formatCanonicalJson, type JsonObject, type JsonValue } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import {
  actionDigestText,
  control,
  currency,
  type DecisionBody,
  decimal,
  decisionBody,
  digest,
  foreignId,
  outcomeSource,
  outcomeVerdict,
  tier,
} from '@/lib/decisions/record-payload';
import { optional, read, readSubject, required, SpanRefused, whole } from './attribute-reader';
import type { Attributes, Span } from './span';
import type { SpanRefusal } from './span-refusal';

/** Clocks may differ by this much between a sender and the bridge. */
const CLOCK_SKEW_MS = 60_000;
const label = z.string().min(1).max(256);

export interface MappedSpan {
  /** The same for the same span, whenever it arrives. */
  id: string;
  occurredAtMs: number;
  body: DecisionBody;
  /** Text that the span holds, to be digested with a salt and then forgotten. */
  contents: { input?: string; output?: string };
}

/** @param now of the bridge; spans that ended before `now.ms - now.memoryMs` are not taken any more */
export function mapSpan(span: Span, now: { ms: number; memoryMs: number }): Result<MappedSpan, SpanRefusal> {
  try {
    return ok(toRecord(span, now));
  } catch (error) {
    if (error instanceof SpanRefused) return err(error.reason);
    throw error;
  }
}

/** The id of the record of a span: its end and the SHA-256 of its trace and span id. */
export function recordIdOf({ traceId, spanId, endMs }: Pick<Span, 'traceId' | 'spanId' | 'endMs'>): string {
  return formatId('dec', endMs, sha256(utf8(`countersign/otlp/v1\n${traceId}${spanId}`)).slice(0, 10));
}

function toRecord(span: Span, now: { ms: number; memoryMs: number }): MappedSpan {
  const { attributes } = span;
  if (typeof attributes.get('gen_ai.operation.name') !== 'string') throw new SpanRefused('not_genai');
  if (attributes.get('countersign.audit') !== true) throw new SpanRefused('not_audit_grade');
  if (span.endMs > now.ms + CLOCK_SKEW_MS) throw new SpanRefused('time_implausible');
  if (span.endMs < now.ms - now.memoryMs) throw new SpanRefused('span_too_old');
  const service = optional(span.resource, 'service.name', label, 'span_malformed');
  const body = decisionBody.parse({
    identity: readIdentity(span),
    ...present('model', readModel(attributes)),
    context: readContext(span),
    guardrails: readGuardrails(span),
    output: { action: readAction(attributes), outcome: readOutcome(attributes) },
    origin: {
      signed_at: 'bridge',
      protocol: 'otlp',
      span: { trace_id: span.traceId, span_id: span.spanId },
      ...present('service', service),
    },
  });
  if (holdsIdentifier(body)) throw new SpanRefused('identifier_suspected');
  return { id: recordIdOf(span), occurredAtMs: span.endMs, body, contents: readContents(span) };
}

function present<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

function readIdentity({ traceId, spanId, attributes, resource }: Span) {
  const subjects = required(
    attributes,
    'countersign.subjects',
    z.array(z.string()).max(64),
    'subjects_missing',
  );
  const principal = attributes.get('countersign.principal');
  return {
    agent: {
      id: required(attributes, 'gen_ai.agent.id', foreignId, 'agent_missing'),
      name: required(attributes, 'gen_ai.agent.name', label, 'agent_missing'),
      version: required(attributes, 'gen_ai.agent.version', label, 'agent_missing'),
      ...present('runtime', optional(resource, 'deployment.environment.name', label, 'agent_missing')),
    },
    ...present(
      'principal',
      principal === undefined ? undefined : readSubject(principal, 'principal_malformed'),
    ),
    ...present(
      'session_id',
      optional(attributes, 'gen_ai.conversation.id', foreignId, 'correlation_malformed'),
    ),
    ...present('run_id', optional(attributes, 'countersign.run_id', foreignId, 'correlation_malformed')),
    trace_id: traceId,
    span_id: spanId,
    parents:
      optional(attributes, 'countersign.parents', z.array(foreignId).max(64), 'correlation_malformed') ?? [],
    subjects: subjects.map((each) => readSubject(each, 'subjects_missing')),
  };
}

const PARAMETERS = ['temperature', 'top_p', 'top_k', 'max_tokens', 'seed'] as const;

function readModel(attributes: Attributes) {
  const found = whole(
    attributes,
    { provider: 'gen_ai.provider.name', name: 'gen_ai.request.model', version: 'gen_ai.response.model' },
    'model_incomplete',
  );
  if (found === undefined) return undefined;
  const parameters: Record<string, string | number> = {};
  for (const name of PARAMETERS) {
    const value = attributes.get(`gen_ai.request.${name}`);
    // Floats never stand in signed JSON: their shortest decimal text does.
    if (typeof value === 'number') parameters[name] = Number.isSafeInteger(value) ? value : String(value);
  }
  const named = z.object({ provider: label, name: label, version: label });
  return { ...read(found, named, 'model_incomplete'), parameters };
}

function readContext(span: Span) {
  const { attributes } = span;
  const prompt = whole(
    attributes,
    partsOf('countersign.prompt', ['template', 'version', 'digest']),
    'prompt_incomplete',
  );
  const policy = whole(
    attributes,
    partsOf('countersign.policy', ['id', 'version', 'digest']),
    'policy_incomplete',
  );
  return {
    ...present(
      'prompt',
      prompt && read(prompt, z.object({ template: label, version: label, digest }), 'prompt_incomplete'),
    ),
    ...present(
      'policy',
      policy && read(policy, z.object({ id: label, version: label, digest }), 'policy_incomplete'),
    ),
    ...present('retrieval', readRetrieval(span)),
    ...present('routing', optional(attributes, 'countersign.routing', label, 'correlation_malformed')),
  };
}

function partsOf<K extends string>(prefix: string, parts: readonly K[]): Record<K, string> {
  return Object.fromEntries(parts.map((part) => [part, `${prefix}.${part}`])) as Record<K, string>;
}

function readRetrieval({ attributes, events }: Span) {
  const items = events.filter(({ name }) => name === 'countersign.retrieval.item');
  const found = whole(
    attributes,
    partsOf('countersign.retrieval', ['index', 'version']),
    'retrieval_incomplete',
  );
  if (found === undefined && items.length === 0) return undefined;
  const named = read(found, z.object({ index: label, version: label }), 'retrieval_incomplete');
  const item = z.object({ id: foreignId, digest, score: decimal.optional() });
  return {
    ...named,
    items: items.map((event) => read(Object.fromEntries(event.attributes), item, 'retrieval_incomplete')),
  };
}

const guardrail = z.object({
  name: label,
  version: label,
  verdict: z.enum(['pass', 'fail', 'error']),
  score: decimal.optional(),
  threshold: decimal.optional(),
});

function readGuardrails({ events }: Span) {
  const results = events.filter(({ name }) => name === 'countersign.guardrail');
  if (results.length > 64) throw new SpanRefused('guardrail_incomplete');
  return results.map((event) =>
    read(Object.fromEntries(event.attributes), guardrail, 'guardrail_incomplete'),
  );
}

function readAction(attributes: Attributes) {
  const name =
    optional(attributes, 'countersign.action.name', foreignId, 'action_missing') ??
    required(attributes, 'gen_ai.tool.name', foreignId, 'action_missing');
  const resource = whole(
    attributes,
    partsOf('countersign.action.resource', ['type', 'id']),
    'action_malformed',
  );
  const value = whole(attributes, partsOf('countersign.action', ['amount', 'currency']), 'action_malformed');
  return {
    name,
    tier: required(attributes, 'countersign.tier', tier, 'tier_missing'),
    ...present(
      'resource',
      resource && read(resource, z.object({ type: label, id: foreignId }), 'action_malformed'),
    ),
    ...present('value', value && read(value, z.object({ amount: decimal, currency }), 'action_malformed')),
    ...present(
      'action_digest',
      optional(attributes, 'countersign.action.digest', actionDigestText, 'action_malformed'),
    ),
  };
}

function readOutcome(attributes: Attributes) {
  const verdict = required(attributes, 'countersign.outcome', outcomeVerdict, 'outcome_missing');
  // What was not simply allowed was stopped by something that can be named.
  const reader = verdict === 'allow' ? optional : required;
  return {
    verdict,
    source: required(attributes, 'countersign.source', outcomeSource, 'source_missing'),
    ...present('control', reader(attributes, 'countersign.control', control, 'control_missing')),
    ...present('rule', reader(attributes, 'countersign.rule', label, 'rule_missing')),
    reason_code: required(attributes, 'countersign.reason_code', label, 'reason_missing'),
  };
}

const CONTENTS = {
  input: ['gen_ai.input.messages', 'gen_ai.tool.call.arguments'],
  output: ['gen_ai.output.messages', 'gen_ai.tool.call.result'],
} as const;

function readContents({ attributes, events }: Span): MappedSpan['contents'] {
  // Since v1.37 the same names may stand in an event of the span instead.
  const places = [attributes, ...events.map((event) => event.attributes)];
  const find = (names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = places.find((place) => place.has(name))?.get(name);
      if (value !== undefined && value !== null) return toText(value);
    }
    return undefined;
  };
  return { ...present('input', find(CONTENTS.input)), ...present('output', find(CONTENTS.output)) };
}

function toText(value: JsonValue): string {
  return typeof value === 'string' ? value : formatCanonicalJson(value);
}

function holdsIdentifier(value: unknown): boolean {
  if (typeof value === 'string') return suspectIdentifier(value) !== null;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsIdentifier);
}

/** What a span says, as one keyed fingerprint can hold it: two spans under one id are the same only if they say the same. */
export function formatSpanContent({ body, contents }: MappedSpan): string {
  return formatCanonicalJson({
    body: JSON.parse(JSON.stringify(body)) as JsonObject,
    contents: {
      input: contents.input === undefined ? null : formatHex(sha256(utf8(contents.input))),
      output: contents.output === undefined ? null : formatHex(sha256(utf8(contents.output))),
    },
  });
}
