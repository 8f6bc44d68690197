/**
 * What a vendor is told about its records. `refused`: the console would not take the line. `missing`: taken, but
 * something that an investigation will ask for is not in it. `advice`: taken and complete, worth a look.
 */
import * as z from 'zod';

export const conformanceLevel = z.enum(['refused', 'missing', 'advice']);
export type ConformanceLevel = z.infer<typeof conformanceLevel>;

/** Every finding there is: how grave, and the sentence that says what is wrong and what mends it. */
export const CONFORMANCE_CODES = {
  envelope_invalid: ['refused', 'The line is not a DSSE envelope as this console reads it.'],
  signature_missing: ['refused', 'The envelope has no signature.'],
  signature_invalid: ['refused', 'The signature does not fit these bytes under the key that it names.'],
  key_unknown: ['refused', 'No signature names a key of this producer.'],
  signature_not_checked: ['advice', 'No key was given to check the signature with.'],
  payload_invalid: ['refused', 'The payload is not strict JSON: UTF-8, no duplicate keys, no floats.'],
  schema_mismatch: ['refused', 'This member is missing or does not have the form that the schema gives.'],
  schema_later: [
    'advice',
    'A later minor schema: kept whole; what this console does not know, it shows and does not interpret.',
  ],
  kind_reserved: ['refused', 'Only the console signs records of this kind.'],
  member_unknown: [
    'advice',
    'The schema has no such member: kept, shown, not interpreted. Check its spelling.',
  ],
  sequence_first: [
    'advice',
    'The first number of this stream here is not 1: what came before is not in this file.',
  ],
  sequence_gap: [
    'missing',
    'Numbers are missing before this one: a hole in the sequence proves that records were lost.',
  ],
  sequence_reused: ['refused', 'This number was used before in this stream.'],
  sequence_backwards: ['advice', 'This number is smaller than one before it: taken, and noted as late.'],
  id_reused: ['refused', 'Another record of this stream has this id and other bytes.'],
  record_repeated: ['advice', 'The very same bytes again: harmless, answered with the first position.'],
  time_backwards: ['advice', 'It happened before the record in front of it.'],
  identifier_suspected: [
    'missing',
    'This looks like a real identifier. Records hold subject tokens and salted digests only.',
  ],
  subjects_missing: ['missing', 'No subject token: nobody will find this decision by whom it was about.'],
  principal_missing: ['advice', 'No principal: for whom the agent acted is not said.'],
  correlation_missing: [
    'advice',
    'No run, session or trace id: this decision cannot be joined with what surrounded it.',
  ],
  agent_version_imprecise: ['missing', 'The agent’s version does not say which one it was.'],
  model_missing: ['missing', 'No model: a change of model could never be seen in these decisions.'],
  model_version_imprecise: [
    'missing',
    'The model’s version names a moving target. Give the exact version or checkpoint digest.',
  ],
  prompt_missing: ['missing', 'No prompt version and digest: a change of prompt could never be seen.'],
  policy_missing: ['missing', 'No policy: under which rules this was decided is not said.'],
  index_version_imprecise: ['missing', 'The retrieval index’s version names a moving target.'],
  guardrails_missing: ['missing', 'No guardrail result: what was evaluated on this request is not said.'],
  guardrail_score_missing: [
    'missing',
    'A verdict without its score: a threshold that was moved could never be seen.',
  ],
  guardrail_threshold_missing: ['missing', 'A score without the threshold it was held against.'],
  input_missing: ['missing', 'No evidence digest of the input: what the agent saw could never be proven.'],
  output_missing: ['advice', 'No evidence digest of the output.'],
  action_digest_missing: ['advice', 'No action digest: the action cannot be joined with an approval.'],
  outcome_rule_missing: ['missing', 'Not allowed, and no control and rule say what spoke.'],
  heartbeat_missing: ['advice', 'No heartbeat in this file: silence cannot be told from loss.'],
} as const satisfies Record<string, readonly [ConformanceLevel, string]>;

export type ConformanceCode = keyof typeof CONFORMANCE_CODES;
export const conformanceCode = z.enum(
  Object.keys(CONFORMANCE_CODES) as [ConformanceCode, ...ConformanceCode[]],
);

/** One finding; `path` is a member's path in the payload and never a value. */
export const conformanceFinding = z.object({
  code: conformanceCode,
  level: conformanceLevel,
  path: z.string().optional(),
  detail: z.string().optional(),
});
export type ConformanceFinding = z.infer<typeof conformanceFinding>;

export const conformanceLine = z.object({
  /** From 1. */
  line: z.number().int().positive(),
  kind: z.string().optional(),
  id: z.string().optional(),
  findings: z.array(conformanceFinding),
});
export type ConformanceLine = z.infer<typeof conformanceLine>;

/** The sender chose the names of its members: long ones are cut. */
const MOST_PATH = 200;

/** Finding `code`, at `path` of the payload. */
export function finding(code: ConformanceCode, path?: string, detail?: string): ConformanceFinding {
  return {
    code,
    level: CONFORMANCE_CODES[code][0],
    ...(path === undefined ? {} : { path: path.slice(0, MOST_PATH) }),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** How far lines conform: the gravest level among their findings, or `complete`. */
export function gravestLevel(findings: readonly ConformanceFinding[]): ConformanceLevel | 'complete' {
  for (const level of conformanceLevel.options) {
    if (findings.some((one) => one.level === level)) return level;
  }
  return 'complete';
}
