import { decodeUtf8 } from '@/lib/core/bytes';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import type { DecisionBody } from '@/lib/decisions/record-payload';
import { CER_VERSION, certificateHashOf, EXECUTION_BUNDLE, hashCerValue } from './cer-hash';
import { MAX_CER_BYTES } from './parse-cer';

/** Why a decision cannot be told as a Certified Execution Record. */
export const CER_EXPORT_CODES = [
  'model_unstated',
  'parameters_unstated',
  'input_not_held',
  'output_not_held',
  'content_not_text',
] as const;
export type CerExportCode = (typeof CER_EXPORT_CODES)[number];

const HOLDS =
  'A Certified Execution Record 0.1 holds input and output in clear; a form with hashes alone does not exist.';

export const CER_EXPORT_SENTENCES: Readonly<Record<CerExportCode, string>> = {
  model_unstated: 'The decision names no model, and a Certified Execution Record must.',
  parameters_unstated:
    'The decision does not state temperature and max_tokens of its model as numbers, and a Certified Execution Record must; nothing is made up for it.',
  input_not_held: `${HOLDS} This console does not hold what went into this decision: it never did, or it was erased.`,
  output_not_held: `${HOLDS} This console does not hold what came out of this decision: it never did, or it was erased.`,
  content_not_text: `${HOLDS} What went in or came out of this decision is neither text nor JSON.`,
};

/** Content whose salted digest was found in the signed record. */
export interface HeldContent {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** What is told: the signed decision, and as much of its content as this console holds and this person may read. */
export interface SealableDecision {
  readonly id: string;
  readonly occurredAt: string;
  readonly place: { readonly stream: string; readonly position: number };
  readonly body: DecisionBody;
  /** The prompt's text, re-hashed to the digest in the record; null where it is not held. */
  readonly prompt: string | null;
  /** Its own input, or else the evidence that was submitted for review. */
  readonly input: HeldContent | null;
  /** Its own output, or else the action as submitted for review. */
  readonly output: HeldContent | null;
}

/**
 * A decision as `cer.ai.execution.v1`: the same bytes for the same decision. Where the prompt's text is not held, its
 * reference stands in its place and says so. Everything but `meta` is covered by certificateHash.
 */
export function sealDecision(decision: SealableDecision): Result<JsonObject, CerExportCode> {
  const { body, id, occurredAt, place } = decision;
  const { model } = body;
  if (!model) return err('model_unstated');
  const parameters = readParameters(model.parameters);
  if (!parameters) return err('parameters_unstated');
  if (!decision.input) return err('input_not_held');
  if (!decision.output) return err('output_not_held');
  const input = readContent(decision.input);
  const output = readContent(decision.output);
  if (input === null || output === null) return err('content_not_text');
  const snapshot: JsonObject = {
    type: 'ai.execution.v1',
    protocolVersion: '1.2.0',
    executionSurface: 'ai',
    executionId: id,
    timestamp: occurredAt,
    provider: model.provider,
    model: model.name,
    modelVersion: model.version,
    prompt: decision.prompt ?? describePrompt(body),
    input,
    inputHash: hashCerValue(input),
    parameters,
    output,
    outputHash: hashCerValue(output),
    sdkVersion: null,
    appId: body.identity.agent.id,
  };
  const sealed = { bundleType: EXECUTION_BUNDLE, version: CER_VERSION, createdAt: occurredAt, snapshot };
  return ok({
    ...sealed,
    certificateHash: certificateHashOf(sealed, 'no-context'),
    meta: { source: 'countersign', tags: [`record:${place.stream}#${place.position}`] },
  });
}

function describePrompt({ context }: DecisionBody): string {
  const { prompt } = context;
  if (!prompt) return '[The signed decision names no prompt.]';
  return `[Not held as text: template ${prompt.template}, version ${prompt.version}, ${prompt.digest}]`;
}

type Parameters = NonNullable<DecisionBody['model']>['parameters'];

function readParameters(stated: Parameters): JsonObject | null {
  const temperature = numberOf(stated.temperature);
  const maxTokens = numberOf(stated.max_tokens ?? stated.maxTokens);
  if (temperature === null || maxTokens === null) return null;
  return { temperature, maxTokens, topP: numberOf(stated.top_p ?? stated.topP), seed: numberOf(stated.seed) };
}

function numberOf(value: Parameters[string] | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?$/.test(value)) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** JSON as a value, text as a string; null for anything else. */
function readContent({ mediaType, bytes }: HeldContent): JsonValue | null {
  const text = decodeUtf8(bytes);
  if (!text.ok || !text.value.isWellFormed()) return null;
  if (!/[/+]json$/.test(mediaType)) return mediaType.startsWith('text/') ? text.value : null;
  const json = parseJson(text.value, { maxDepth: 60, maxBytes: MAX_CER_BYTES, allowFloats: true });
  if (!json.ok) return text.value;
  const isBare = !isJsonObject(json.value) && !Array.isArray(json.value) && typeof json.value !== 'string';
  return isBare ? text.value : json.value;
}
