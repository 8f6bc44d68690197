/**
 * Certified Execution Records of NexArt, in the three forms in which they travel:
 *
 *   {"bundleType":"cer.ai.execution.v1","version":"0.1","createdAt":…,"certificateHash":"sha256:…","snapshot":{…},
 *    "context"?:{…},"meta"?:{…}}                                                       one execution
 *   {"bundleType":"cer.project.bundle.v1","version":"0.1",…,"stepRegistry":[…],"embeddedBundles":{…},
 *    "integrity":{"algorithm":"sha256-canonical-json","projectHash":"sha256:…"}}       a project of several
 *   {"cer":{…one execution…},"verificationEnvelope":{…},"verificationEnvelopeSignature":"…","receipt":{…},
 *    "signature":"…"}                                                                  one execution with what was signed of it
 *
 * A snapshot: {"type":"ai.execution.v1","protocolVersion":"1.2.0","executionSurface":"ai","executionId":…,"timestamp":…,
 * "provider":…,"model":…,"modelVersion":…,"prompt":…,"input":…,"inputHash":…,"parameters":{"temperature":0.7,
 * "maxTokens":1024,"topP":null,"seed":null},"output":…,"outputHash":…,"sdkVersion":…,"appId":…} and whatever newer makers
 * add: all of it is hashed. Published example: certificateHash of vector-001 is
 * sha256:86275d60d088483eefaf0bd31d79629b11342315816f3a1da26980e4a05352f4.
 */
import * as z from 'zod';
import { decodeUtf8 } from '@/lib/core/bytes';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import type { CerErrorCode } from './cer-error';
import { CER_VERSION, EXECUTION_BUNDLE, PROJECT_BUNDLE } from './cer-hash';

/** A project holds the whole input and output of every step. */
export const MAX_CER_BYTES = 16_777_216;
const MAX_CER_DEPTH = 64;
const MAX_STEPS = 10_000;

const text = z.string().min(1);
const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const held = z.unknown().refine((value) => value !== undefined && value !== null, 'absent');

/** What is demanded of a snapshot; everything else in it is hashed and not interpreted. */
const snapshot = z.looseObject({
  type: z.literal('ai.execution.v1'),
  protocolVersion: z.literal('1.2.0'),
  executionSurface: z.literal('ai'),
  executionId: text,
  timestamp: text,
  provider: text,
  model: text,
  prompt: text,
  input: held,
  inputHash: hash,
  parameters: z.looseObject({
    temperature: z.number(),
    maxTokens: z.number(),
    topP: z.number().nullable(),
    seed: z.number().nullable(),
  }),
  output: held,
  outputHash: hash,
});
export type CerSnapshot = z.infer<typeof snapshot>;

const execution = z.looseObject({ createdAt: text, certificateHash: hash, snapshot });

const step = z.looseObject({
  stepId: text,
  sequence: z.number().int(),
  executionId: text,
  certificateHash: hash,
});

const project = z.looseObject({
  protocolVersion: text,
  projectBundleId: text,
  projectTitle: text,
  startedAt: text,
  completedAt: text,
  totalSteps: z.number().int(),
  stepRegistry: z.array(step).min(1).max(MAX_STEPS),
  embeddedBundles: z.record(z.string(), z.unknown()).optional(),
  integrity: z.looseObject({ algorithm: z.literal('sha256-canonical-json'), projectHash: hash }),
});

/** One execution, as read; `json` is what is hashed. */
export interface CerExecution {
  readonly json: JsonObject;
  readonly createdAt: string;
  readonly certificateHash: string;
  readonly snapshot: CerSnapshot;
}

export interface CerStep {
  readonly stepId: string;
  readonly sequence: number;
  readonly executionId: string;
  readonly certificateHash: string;
  readonly json: JsonObject;
  /** What the project holds under this step's id, unread; undefined when it holds nothing. */
  readonly embedded: JsonValue | undefined;
}

export interface CerProject {
  readonly json: JsonObject;
  readonly projectBundleId: string;
  readonly projectTitle: string;
  readonly totalSteps: number;
  readonly projectHash: string;
  /** In the order of their sequence numbers. */
  readonly steps: readonly CerStep[];
  /** Ids under which something is embedded that the registry does not list. */
  readonly unlisted: readonly string[];
}

export type CerDocument =
  | { readonly kind: 'execution'; readonly execution: CerExecution }
  | { readonly kind: 'project'; readonly project: CerProject }
  /** `json` has the package's own members: envelope, receipt and their signatures. */
  | { readonly kind: 'package'; readonly execution: CerExecution; readonly json: JsonObject };

/** Reads hostile bytes as a Certified Execution Record. Nothing is verified by it; `detail` names the member. */
export function parseCer(bytes: Uint8Array): Result<CerDocument, CerErrorCode> {
  if (bytes.length > MAX_CER_BYTES) return err('cer_too_large', `${bytes.length} bytes`);
  const decoded = decodeUtf8(bytes);
  if (!decoded.ok) return err('cer_json', decoded.code);
  const parsed = parseJson(decoded.value, {
    maxDepth: MAX_CER_DEPTH,
    maxBytes: MAX_CER_BYTES,
    allowFloats: true,
  });
  if (!parsed.ok) return err('cer_json', parsed.code);
  const json = parsed.value;
  if (!isJsonObject(json)) return err('cer_type');
  if (json.bundleType === PROJECT_BUNDLE) return readProject(json);
  const isPackage = json.bundleType === undefined && isJsonObject(json.cer);
  const read = readExecution(isPackage ? json.cer : json);
  if (!read.ok) return read;
  return ok(
    isPackage
      ? { kind: 'package', execution: read.value, json }
      : { kind: 'execution', execution: read.value },
  );
}

/** One execution record of a value that was parsed strictly. */
export function readExecution(json: JsonValue | undefined): Result<CerExecution, CerErrorCode> {
  if (!isJsonObject(json)) return err('cer_shape');
  if (json.bundleType !== EXECUTION_BUNDLE) return err('cer_type', 'bundleType');
  if (json.version !== CER_VERSION) return err('cer_version', 'version');
  const parsed = execution.safeParse(json);
  if (!parsed.success) return err('cer_shape', placeOf(parsed.error));
  const { createdAt, certificateHash } = parsed.data;
  return ok({ json, createdAt, certificateHash, snapshot: parsed.data.snapshot });
}

function readProject(json: JsonObject): Result<CerDocument, CerErrorCode> {
  if (json.version !== CER_VERSION) return err('cer_version', 'version');
  const parsed = project.safeParse(json);
  if (!parsed.success) return err('cer_shape', placeOf(parsed.error));
  const { projectBundleId, projectTitle, totalSteps, stepRegistry, integrity } = parsed.data;
  const registry = json.stepRegistry as JsonObject[];
  const embedded = isJsonObject(json.embeddedBundles) ? json.embeddedBundles : {};
  const steps = stepRegistry
    .map(({ stepId, sequence, executionId, certificateHash }, at) => ({
      stepId,
      sequence,
      executionId,
      certificateHash,
      json: registry[at] as JsonObject,
      embedded: Object.hasOwn(embedded, stepId) ? embedded[stepId] : undefined,
    }))
    .sort((a, b) => a.sequence - b.sequence);
  const listed = new Set(steps.map(({ stepId }) => stepId));
  if (listed.size !== steps.length) return err('cer_shape', 'stepRegistry: stepId');
  const unlisted = Object.keys(embedded).filter((id) => !listed.has(id));
  const { projectHash } = integrity;
  return ok({
    kind: 'project',
    project: { json, projectBundleId, projectTitle, totalSteps, projectHash, steps, unlisted },
  });
}

function placeOf(error: z.ZodError): string {
  return (error.issues[0]?.path ?? []).map(String).join('.').slice(0, 200);
}
