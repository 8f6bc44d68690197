import { z } from 'zod';
import { conformanceLine } from '@/lib/contract/conformance';
import { recordPayload } from '@/lib/decisions/record-payload';
import {
  accessTask,
  idempotencyKey,
  outcomeReceipt,
  outcomeRequest,
  redeemRequest,
  redemptionReceipt,
  submitRequest,
} from '@/lib/escalations/access-request';
import { answerRequest } from '@/lib/escalations/flow-view';
import { RECORD_PAYLOAD_TYPE } from '@/lib/integrity/dsse';
import { foreignDecision } from '@/lib/mesh/foreign-decision';
import { evaluationRequest, evaluationResponse } from '@/lib/policy/evaluation-request';
import { payloadReceipt, payloadSubmission } from '@/lib/producers/payload-request';
import { versionReceipt, versionSubmission } from '@/lib/producers/version-request';
import { tokeniseAnswer, tokeniseRequest } from '@/lib/vault/tokenise-request';
import type { ErrorCode } from '../errors';

export interface Operation {
  method: 'get' | 'post';
  path: string;
  operationId: string;
  summary: string;
  /** RFC 9421 signature of a registered key; the rest is public or signed inside. */
  signed: boolean;
  parameters?: { in: 'path' | 'header'; name: string; required: boolean; schema: z.ZodType; about: string }[];
  request?: Record<string, z.ZodType>;
  /** By status; media type → schema. */
  responses: Record<string, { about: string; content: Record<string, z.ZodType> }>;
  /** Codes beyond those of every signed request. */
  errors: ErrorCode[];
}

const JSON_TYPE = 'application/json';
const answer = (about: string, schema: z.ZodType) => ({ about, content: { [JSON_TYPE]: schema } });
const idOf = (name: string, about: string) => ({
  in: 'path' as const,
  name,
  required: true,
  schema: z.string(),
  about,
});

/** DSSE v1.0.2; the decoded payload is a RecordPayload. */
const envelope = z.strictObject({
  payloadType: z.literal(RECORD_PAYLOAD_TYPE),
  payload: z.base64().describe('Base64 of the payload’s JSON text, in the bytes that were signed.'),
  signatures: z
    .array(z.strictObject({ keyid: z.string(), sig: z.base64() }))
    .min(1)
    .max(16),
});

const recordAnswer = z.object({
  status: z.enum(['accepted', 'duplicate', 'refused']),
  code: z.string().optional(),
  detail: z.string().optional(),
  stream: z.string().optional(),
  position: z.number().int().optional(),
  link: z.base64().optional(),
  id: z.string().optional(),
  note: z.literal('sequence_gap').optional(),
});
const ndjson = z.string().describe('One JSON value per line.');
const anyObject = z.record(z.string(), z.unknown());

/** Schemas that are named though no route takes them bare. */
export const NAMED_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  RecordPayload: recordPayload,
  ConformanceLine: conformanceLine,
  RecordLineAnswer: recordAnswer.extend({ line: z.number().int() }),
};

/** Every route that machines and strangers use. Those of signed-in people belong to the pages. */
export const MACHINE_OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/access/v1/evaluation',
    operationId: 'evaluate',
    summary: 'Decide one action under the policy in force (AuthZEN access evaluation).',
    signed: true,
    request: { [JSON_TYPE]: evaluationRequest },
    responses: {
      200: answer('The decision; only `decision: true` lets the action pass.', evaluationResponse),
    },
    errors: ['producer_kind', 'malformed_request', 'policy_missing', 'state_unavailable'],
  },
  {
    method: 'post',
    path: '/access/v1/requests',
    operationId: 'submitAccessRequest',
    summary: 'Ask people for an action that was denied but is requestable.',
    signed: true,
    parameters: [
      {
        in: 'header',
        name: 'Idempotency-Key',
        required: true,
        schema: idempotencyKey,
        about: 'The same key and body give the same task.',
      },
    ],
    request: { [JSON_TYPE]: submitRequest },
    responses: {
      200: answer('The task of the same request sent earlier.', accessTask),
      202: answer('A new task.', accessTask),
    },
    errors: [
      'producer_kind',
      'malformed_request',
      'duplicate_request',
      'request_superseded',
      'callback_unregistered',
      'evaluation_unknown',
      'evaluation_expired',
      'evaluation_mismatch',
      'not_requestable',
      'expired_request',
    ],
  },
  {
    method: 'get',
    path: '/access/v1/requests/{taskId}',
    operationId: 'getAccessRequest',
    summary: 'The state of a task, at once or when it ends.',
    signed: true,
    parameters: [
      idOf('taskId', 'The task.'),
      {
        in: 'header',
        name: 'Prefer',
        required: false,
        schema: z.string(),
        about: '`wait=N`: answer when the task ends, after N seconds (at most 30) at the latest.',
      },
    ],
    responses: { 200: answer('The task; its approval token once there is one.', accessTask) },
    errors: ['task_unknown'],
  },
  {
    method: 'post',
    path: '/access/v1/requests/{taskId}/cancel',
    operationId: 'cancelAccessRequest',
    summary: 'Withdraw a task that is still pending.',
    signed: true,
    parameters: [idOf('taskId', 'The task.')],
    responses: { 200: answer('The task, cancelled.', accessTask) },
    errors: ['task_unknown', 'task_terminal'],
  },
  {
    method: 'post',
    path: '/access/v1/requests/{taskId}/information',
    operationId: 'answerInformation',
    summary: 'Answer a question of a reviewer; the answer becomes part of what they are shown.',
    signed: true,
    parameters: [idOf('taskId', 'The task.')],
    request: { [JSON_TYPE]: answerRequest },
    responses: { 200: answer('The task.', accessTask) },
    errors: ['task_unknown', 'task_terminal', 'information_unknown', 'information_answered'],
  },
  {
    method: 'post',
    path: '/access/v1/approvals/{approvalId}/redeem',
    operationId: 'redeemApproval',
    summary: 'Spend an approval token, once, for the action as it is about to be executed.',
    signed: true,
    parameters: [idOf('approvalId', 'The token’s `jti`.')],
    request: { [JSON_TYPE]: redeemRequest },
    responses: { 200: answer('The receipt: now, and only now, execute.', redemptionReceipt) },
    errors: [
      'unknown_approval',
      'approval_expired',
      'already_redeemed',
      'revoked',
      'action_mismatch',
      'audience_mismatch',
      'policy_changed',
      'record_unverifiable',
      'continuity_missing',
      'chain_invalid',
      'lineage_hole',
      'authorisation_unverifiable',
      'attribution_failed',
      'evidence_inconsistent',
      'log_halted',
    ],
  },
  {
    method: 'post',
    path: '/access/v1/approvals/{approvalId}/outcome',
    operationId: 'reportOutcome',
    summary:
      'Say what became of the approved action, with the ids of what it created elsewhere; not_forwarded gives an unredeemed approval back.',
    signed: true,
    parameters: [idOf('approvalId', 'The redeemed approval.')],
    request: { [JSON_TYPE]: outcomeRequest },
    responses: { 200: answer('Recorded.', outcomeReceipt) },
    errors: ['unknown_approval', 'outcome_conflict'],
  },
  {
    method: 'get',
    path: '/mesh/v1/decisions/{decisionId}',
    operationId: 'getSharedDecision',
    summary:
      'For another console that is registered here: a decision it may see, with the proof that it is in this log.',
    signed: true,
    parameters: [idOf('decisionId', 'The decision.')],
    responses: { 200: answer('Bytes, keys and a tlog-proof; verify all of it.', foreignDecision) },
    errors: ['not_found', 'not_logged_yet'],
  },
  {
    method: 'post',
    path: '/witness/add-checkpoint',
    operationId: 'addCheckpoint',
    summary:
      'C2SP tlog-witness: cosign the checkpoint of a registered log, if it continues the one cosigned last.',
    signed: false,
    request: {
      'text/plain': z.string().describe('`old <size>`, a consistency proof, an empty line, the checkpoint.'),
    },
    responses: {
      200: {
        about: 'The cosignature line.',
        content: { 'text/plain': z.string().describe('A signed-note signature line.') },
      },
      409: {
        about: 'The size that was cosigned last.',
        content: { 'text/x.tlog.size': z.string().describe('Decimal and a newline.') },
      },
    },
    errors: ['request_too_large'],
  },
  {
    method: 'post',
    path: '/api/v1/records',
    operationId: 'submitRecords',
    summary:
      'Submit one signed record, or many as NDJSON; each record’s own signature is its authentication.',
    signed: false,
    request: {
      'application/vnd.dsse+json': envelope,
      [JSON_TYPE]: envelope,
      'application/x-ndjson': ndjson,
    },
    responses: {
      200: {
        about: 'Durable already, or the answers line by line for NDJSON.',
        content: { [JSON_TYPE]: recordAnswer, 'application/x-ndjson': ndjson },
      },
      201: answer('Durable and chained.', recordAnswer),
    },
    errors: [
      'record_too_large',
      'envelope_invalid',
      'payload_type_unknown',
      'key_unknown',
      'key_retired',
      'producer_disabled',
      'signature_invalid',
      'record_invalid',
      'record_kind_reserved',
      'stream_foreign',
      'id_conflict',
      'sequence_reused',
      'occurred_in_future',
    ],
  },
  {
    method: 'post',
    path: '/api/v1/payloads',
    operationId: 'submitPayload',
    summary:
      'Hand over content that a record will name by its salted digest; kept encrypted, for as long as the organisation’s schedule says.',
    signed: true,
    request: { [JSON_TYPE]: payloadSubmission },
    responses: {
      200: answer('Kept already.', payloadReceipt),
      201: answer('Kept.', payloadReceipt),
    },
    errors: ['request_too_large', 'rate_limited', 'subject_erased'],
  },
  {
    method: 'post',
    path: '/api/v1/conformance',
    operationId: 'conformRecords',
    summary: 'What your records miss, line by line. Nothing is recorded.',
    signed: true,
    request: { 'application/x-ndjson': ndjson, 'application/vnd.dsse+json': envelope },
    responses: {
      200: {
        about: 'One ConformanceLine a line, in order, then `{"end": […]}` with what all lines together tell.',
        content: { 'application/x-ndjson': ndjson },
      },
    },
    errors: ['malformed_request', 'request_too_large', 'rate_limited'],
  },
  {
    method: 'post',
    path: '/api/v1/versions',
    operationId: 'registerVersion',
    summary:
      'Register the content of a prompt, model, index, guardrail, policy or routing version under its digest, so that it can be read as of then. It must hold no personal data.',
    signed: true,
    request: { [JSON_TYPE]: versionSubmission },
    responses: {
      200: answer('Registered already.', versionReceipt),
      201: answer('Registered.', versionReceipt),
    },
    errors: ['request_too_large', 'rate_limited', 'version_digest_mismatch'],
  },
  {
    method: 'post',
    path: '/api/v1/vault/tokens',
    operationId: 'tokeniseIdentifiers',
    summary:
      'The subject tokens of real identifiers, in order; the same identifier always has the same token. Records may name tokens only.',
    signed: true,
    request: { [JSON_TYPE]: tokeniseRequest },
    responses: { 200: answer('One token an item; nothing is repeated.', tokeniseAnswer) },
    errors: ['identifier_invalid', 'request_too_large', 'rate_limited'],
  },
  {
    method: 'get',
    path: '/api/v1/health',
    operationId: 'getHealth',
    summary: 'Live, ready, chain, log, witnesses, backlog.',
    signed: false,
    responses: { 200: answer('Ready.', anyObject), 503: answer('Live, not ready.', anyObject) },
    errors: [],
  },
  {
    method: 'get',
    path: '/api/v1/proof',
    operationId: 'getProof',
    summary: 'Latest checkpoint, keys, receipts, and how to verify.',
    signed: false,
    responses: { 200: answer('What a stranger needs to check the log.', anyObject) },
    errors: [],
  },
  {
    method: 'get',
    path: '/.well-known/jwks.json',
    operationId: 'getApprovalKeys',
    summary: 'Keys that sign approval tokens, retired ones with their validity (RFC 7517).',
    signed: false,
    responses: { 200: { about: 'The key set.', content: { 'application/jwk-set+json': anyObject } } },
    errors: [],
  },
  {
    method: 'get',
    path: '/.well-known/authzen-configuration',
    operationId: 'getAuthzenConfiguration',
    summary: 'Where the decision point and the access request service are.',
    signed: false,
    responses: { 200: answer('AuthZEN metadata.', anyObject) },
    errors: [],
  },
  {
    method: 'get',
    path: '/log/checkpoint',
    operationId: 'getCheckpoint',
    summary:
      'The latest signed checkpoint (C2SP tlog-checkpoint). Tiles are beside it as C2SP tlog-tiles says.',
    signed: false,
    responses: { 200: { about: 'A signed note.', content: { 'text/plain': z.string() } } },
    errors: [],
  },
];
