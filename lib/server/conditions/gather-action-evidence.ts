import * as z from 'zod';
import type { ActionEvidence, StoredRecord } from '@/lib/conditions/action-evidence';
import { type PriorCondition, scopesOf, scopesOfDecisions, streamsOf } from '@/lib/conditions/scopes-of';
import { formatBase64, parseBase64 } from '@/lib/core/encoding';
import { readRecord } from '@/lib/decisions/read-record';
import { actionOutcomeBody, decisionBody } from '@/lib/decisions/record-payload';
import { consoleStream } from '../config';
import { together } from '../database/side-by-side';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { getSigningKey } from '../keys/key-directory';
import { listHeldParents } from '../mesh/list-held-parents';
import { listKnownKeys, signersOf } from './list-known-keys';
import { listPriorConditions } from './list-prior-conditions';
import { type Place, readStoredRecords } from './read-stored-records';

const place = z.object({ stream: z.string(), position: z.number().int() });
const many = <T extends z.ZodType>(schema: T) =>
  z
    .array(schema)
    .nullable()
    .transform((rows) => rows ?? []);

/** What `ROWS` answers: ids, digests and places, no bytes. */
const rowsSchema = z.object({
  decisions: many(place),
  evaluation: z
    .object({ actionDigest: z.string(), gateway: z.string(), verdict: z.string(), policyDigest: z.string() })
    .nullable(),
  policy_digest: z.string().nullable(),
  gateway_key: z
    .object({
      producer: z.string(),
      validFromMs: z.number(),
      retiredAtMs: z.number().nullable(),
      disabledAtMs: z.number().nullable(),
    })
    .nullable(),
  reviews: many(
    place.extend({ id: z.string(), person: z.string(), statement: z.string(), statementDigest: z.string() }),
  ),
  submitted: place.nullable(),
  issued: place.nullable(),
  claimants: many(z.string()),
  rival: z.string().nullable(),
  reports: many(z.string()),
});

const MS = (column: string) => `round(extract(epoch FROM ${column}) * 1000)::bigint`;

/** Each part is found by a key and bounded; $10 is the approval, null when the token is about to be issued. */
const ROWS = `SELECT
  (SELECT json_agg(d) FROM (SELECT stream, position FROM decisions WHERE id = $3 AND tenant = $1
     ORDER BY occurred_at DESC, stream LIMIT 3) d) AS decisions,
  (SELECT json_build_object('actionDigest', action_digest, 'gateway', gateway, 'verdict', verdict,
     'policyDigest', policy_digest) FROM evaluations WHERE id = $4 AND tenant = $1) AS evaluation,
  (SELECT 'sha-256:' || encode(sha256(convert_to(document, 'UTF8')), 'hex') FROM policies
    WHERE tenant = $1 AND id = $5 AND version = $6) AS policy_digest,
  (SELECT json_build_object('producer', k.producer, 'validFromMs', ${MS('k.valid_from')},
     'retiredAtMs', ${MS('k.retired_at')}, 'disabledAtMs', ${MS('p.disabled_at')})
     FROM producer_keys k JOIN producers p ON p.id = k.producer WHERE k.keyid = $7) AS gateway_key,
  (SELECT json_agg(json_build_object('id', id, 'person', person, 'statement', translate(encode(statement, 'base64'), E'\\n', ''),
     'statementDigest', statement_digest, 'stream', stream, 'position', position))
     FROM reviews WHERE escalation = $2 AND tenant = $1 AND verdict = 'approve') AS reviews,
  (SELECT json_build_object('stream', stream, 'position', position) FROM records
    WHERE stream = $8 AND id = $2) AS submitted,
  (SELECT json_build_object('stream', stream, 'position', position) FROM records
    WHERE stream = $8 AND id = $10) AS issued,
  (SELECT json_agg(e.target) FROM (SELECT target FROM edges
     WHERE tenant = $1 AND source = $2 AND kind = 'escalates' LIMIT 3) e) AS claimants,
  (SELECT id FROM escalations WHERE tenant = $1 AND decision = $3 AND id <> $2 AND action_digest <> $9
    LIMIT 1) AS rival,
  (SELECT json_agg(e.source) FROM (SELECT source FROM edges
     WHERE tenant = $1 AND target = $3 AND kind = 'reports' LIMIT 8) e) AS reports`;

export interface GatheredEvidence {
  evidence: ActionEvidence;
  /** Conditions that are open, or that a person answered for, in any scope of this action. */
  prior: PriorCondition[];
}

/**
 * What one action rests on, by keys alone: its own records with their neighbours, the known holes of two streams, the
 * parents that its decision names. Never a walk: whether a whole stream verifies is what "verify everything" and
 * `countersign verify` say.
 */
export async function gatherActionEvidence(
  tx: Tx,
  escalation: EscalationRecord,
  approvalId: string | null,
  nowMs: number,
): Promise<GatheredEvidence> {
  const { tenant, policy } = escalation;
  const found = await tx.query({
    name: 'gather-action-rows',
    text: ROWS,
    values: [
      tenant,
      escalation.id,
      escalation.decision,
      escalation.evaluation,
      policy.id,
      policy.version,
      escalation.gatewayKey,
      consoleStream(tenant),
      escalation.actionDigest,
      approvalId,
    ],
  });
  const rows = rowsSchema.parse(found.rows[0]);
  const [decisionPlace] = rows.decisions;
  const places: Place[] = [
    ...(decisionPlace ? [decisionPlace] : []),
    ...(rows.submitted ? [rows.submitted] : []),
    ...(rows.issued ? [rows.issued] : []),
    ...rows.reviews,
  ];
  const decisionPlaces = rows.decisions;
  const streams = streamsOf({ escalation, decisionPlaces });
  // Who mostly signed all of it; others are looked up once their records were read.
  const expected = [escalation.gatewayKey, getSigningKey('journal').keyid];
  const [records, near, expectedKeys, ownPrior] = await together([
    readStoredRecords(tx, places),
    listStreams(tx, tenant, [...streams, ...places.map(({ stream }) => stream)]),
    listKnownKeys(tx, expected),
    listPriorConditions(tx, tenant, scopesOf({ escalation, decisionPlaces, places })),
  ]);
  const at = (wanted: Place | null | undefined): StoredRecord | null =>
    records.find(({ stream, position }) => stream === wanted?.stream && position === wanted.position) ?? null;
  const decision = at(decisionPlace);
  const submitted = at(rows.submitted);
  const issued = at(rows.issued);
  const reviews = rows.reviews.flatMap((review) => {
    const statement = parseBase64(review.statement);
    const record = at(review);
    return record && statement.ok ? [{ ...review, statement: statement.value, record }] : [];
  });
  const parentIds = parentsOf(decision);
  const otherSigners = signersOf(records).filter((keyid) => !expected.includes(keyid));
  const [parents, executedBefore, otherKeys, parentsPrior] = await together([
    listHeldParents(tx, tenant, parentIds),
    findExecution(tx, tenant, rows.reports),
    otherSigners.length > 0 ? listKnownKeys(tx, otherSigners) : [],
    parentIds.length > 0 ? listPriorConditions(tx, tenant, scopesOfDecisions(parentIds)) : [],
  ]);
  const evidence: ActionEvidence = {
    nowMs,
    escalation: { ...escalation, policyDigest: policy.digest },
    gatewayKey: rows.gateway_key,
    decisionPlaces,
    decision,
    submitted,
    reviews,
    issued,
    evaluation: rows.evaluation,
    policyDigest: rows.policy_digest,
    claimants: rows.claimants,
    rival: rows.rival,
    executedBefore,
    gaps: near.flatMap(({ stream, gaps }) =>
      streams.includes(stream)
        ? (gaps ?? []).map(({ from, to }) => ({ stream, fromSeq: from, toSeq: to }))
        : [],
    ),
    parents,
    producers: new Map(near.map(({ stream, producer }) => [stream, producer])),
    keys: [...expectedKeys, ...otherKeys],
  };
  return { evidence, prior: [...ownPrior, ...parentsPrior] };
}

interface StreamRow {
  stream: string;
  producer: string;
  gaps: { from: number; to: number }[] | null;
}

/** Whose these streams are, and the first hundred holes of each. */
async function listStreams(tx: Tx, tenant: string, streams: readonly string[]): Promise<StreamRow[]> {
  const found = await tx.query<StreamRow>({
    name: 'gather-action-streams',
    text: `SELECT s.stream, s.producer,
        (SELECT json_agg(json_build_object('from', g.from_seq, 'to', g.to_seq)) FROM
          (SELECT from_seq, to_seq FROM stream_gaps WHERE stream = s.stream ORDER BY from_seq LIMIT 100) g) AS gaps
      FROM streams s WHERE s.tenant = $1 AND s.stream = ANY($2::text[])`,
    values: [tenant, streams],
  });
  return found.rows;
}

function parentsOf(decision: StoredRecord | null): string[] {
  const read = decision?.row ? readRecord({ envelope: formatBase64(decision.row.envelope) }) : null;
  const body = read?.ok ? decisionBody.safeParse(read.value.payload.body) : null;
  return body?.success ? [...new Set(body.data.identity.parents)] : [];
}

/** The first of these outcomes that says the action was carried out, which nobody may say before it is redeemed. */
async function findExecution(tx: Tx, tenant: string, ids: readonly string[]): Promise<string | null> {
  if (ids.length === 0) return null;
  const found = await tx.query<{ id: string; envelope: Buffer }>(
    `SELECT id, envelope FROM records WHERE id = ANY($1) AND tenant = $2 AND kind = 'action.outcome' LIMIT 8`,
    [ids, tenant],
  );
  for (const { id, envelope } of found.rows) {
    const read = readRecord({ envelope: envelope.toString('base64') });
    const body = read.ok ? actionOutcomeBody.safeParse(read.value.payload.body) : null;
    if (body?.success && body.data.state !== 'not_forwarded') return id;
  }
  return null;
}
