/** A whole case built with the real formats: two streams, a log with tiles, an approval and its token. Nothing is mocked. */
import { utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64, formatBase64url } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import type { DecisionDetail, RecordView } from '@/lib/decisions/decision-detail';
import type { DecisionRow } from '@/lib/decisions/decision-view';
import { type DecisionBody, decisionBody, type RecordOrigin } from '@/lib/decisions/record-payload';
import type { ReviewStatement } from '@/lib/escalations/record-bodies';
import { reviewChallenge } from '@/lib/escalations/statement';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { checkpointKeyOf, signCheckpoint } from '@/lib/integrity/checkpoint';
import { signEnvelope } from '@/lib/integrity/dsse';
import { formatEntry } from '@/lib/integrity/entry';
import { inclusionProof, leafHash, nodeHash, treeRoot } from '@/lib/integrity/merkle';
import { formatNoteKey } from '@/lib/integrity/note-key';
import {
  type CeremonyInput,
  signAssertion,
  softwarePublicKey,
} from '@/lib/integrity/passkey/software-authenticator';
import type { Assertion } from '@/lib/integrity/passkey/verify-assertion';
import { formatTile, type Tile, tileNodes } from '@/lib/integrity/tile';
import { projectDecision } from '@/lib/producers/project-decision';
import type { TokenClaims } from '@/lib/tokens/claims';
import { formatToken } from '@/lib/tokens/token';
import type { EvidenceSource } from '../evidence-source';
import type { DecisionMaterial } from '../verification-material';

const seed = (n: number) => new Uint8Array(32).fill(n);
const keyOf = (n: number) => ({ seed: seed(n), keyid: jwkThumbprint(publicKeyOf(seed(n))) });
export const PRODUCER = 'spiffe://bank.example/agent/payments';
export const CONSOLE = 'console/bank';
export const ORIGIN = 'console.test/log';
const producerKey = keyOf(1);
const journalKey = keyOf(2);
const approvalKey = keyOf(3);
const logSigner = { name: ORIGIN, seed: seed(4) };
export const DECISION_ID = 'dec_01a1f682-ea84-7ea5-a094-4f08cca0c2ab';
const ESCALATION_ID = 'esc_01a1f682-ea84-7ea5-a094-4f08cca0c2ac';
const APPROVAL_ID = 'apr_01a1f682-ea84-7ea5-a094-4f08cca0c2ad';
const PERSON = 'per_01a1f682-ea84-7ea5-a094-4f08cca0c2ae';
const ACTION = formatBase64url(sha256(utf8('the action')));
const SUBJECT = `tok_${'5c'.repeat(16)}`;
const policy = {
  id: 'payments',
  version: 3,
  digest: formatDigest('sha-256', sha256(utf8('{"the":"policy"}'))),
};

export const body: DecisionBody = decisionBody.parse({
  identity: {
    agent: { id: 'payments-agent', name: 'payments-agent', version: '2.1.0', runtime: 'gw-1' },
    principal: { type: 'customer', token: SUBJECT },
    run_id: 'run-7',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    parents: ['dec_parent'],
    subjects: [{ type: 'customer', token: SUBJECT }],
  },
  model: { provider: 'northwind', name: 'large', version: '2026-08', parameters: { temperature: '0' } },
  context: {
    prompt: {
      template: 'pay-an-invoice',
      version: '14',
      digest: formatDigest('sha-256', sha256(utf8('the prompt'))),
    },
    policy: { id: policy.id, version: '3', digest: policy.digest },
  },
  guardrails: [{ name: 'injection', version: '9', verdict: 'pass', score: '0.01', threshold: '0.50' }],
  output: {
    action: {
      name: 'transfer',
      resource: { type: 'account', id: 'acct-9' },
      action_digest: ACTION,
      tier: 'bounded',
      value: { amount: '18500.00', currency: 'INR' },
    },
    outcome: {
      verdict: 'escalate',
      source: 'gateway',
      control: 'threshold',
      rule: 'first-payee',
      reason_code: 'new_beneficiary',
    },
  },
});

export interface Stored {
  position: number;
  id: string;
  kind: string;
  occurredAt: string;
  bytes: Uint8Array;
  link: Uint8Array;
}

interface Draft {
  kind: string;
  id: string;
  body: unknown;
  minute: number;
  seq?: number;
}

function chain(
  stream: string,
  producer: string,
  key: { keyid: string; seed: Uint8Array },
  drafts: readonly Draft[],
): Stored[] {
  let link = genesisLink(stream);
  return drafts.map((draft, index) => {
    const occurredAt = new Date(Date.UTC(2026, 10, 20, 6, draft.minute)).toISOString();
    const payload = JSON.stringify({
      kind: draft.kind,
      id: draft.id,
      producer,
      stream,
      seq: draft.seq ?? index + 1,
      occurred_at: occurredAt,
      body: draft.body,
    });
    const bytes = signEnvelope(utf8(payload), key.keyid, key.seed);
    link = nextLink(link, index + 1, recordDigest(bytes));
    return { position: index + 1, id: draft.id, kind: draft.kind, occurredAt, bytes, link };
  });
}

const heartbeat = (minute: number): Draft => ({
  kind: 'heartbeat',
  id: `hb-${minute}`,
  minute,
  body: { from: '2026-11-20T06:00:00.000Z', to: '2026-11-20T06:01:00.000Z', decisions: 0 },
});

const statement = {
  v: 1,
  escalation: ESCALATION_ID,
  instance: 'AAAAAAAAAAAAAAAAAAAAAA',
  action_digest: ACTION,
  display_digest: formatDigest('sha-256', sha256(utf8('shown'))),
  verdict: 'approve',
  reason_code: 'payee_confirmed',
  reason_digest: formatDigest('sha-256', sha256(utf8('words'))),
  policy_digest: policy.digest,
  reviewer: PERSON,
  role: 'reviewer',
  opened_at: '2026-11-20T06:03:00.000Z',
  decided_at: '2026-11-20T06:04:49.000Z',
  review_dwell_ms: 109_000,
  active_ms: 86_000,
  coverage: ['action', 'why'],
};
const digestOf = (value: unknown) =>
  formatDigest('sha-256', sha256(utf8(formatCanonicalJson(value as JsonValue))));

/** What whoever holds console key and device could say; nothing of it: the truth. */
export interface PasskeyLie {
  ceremony?: Partial<CeremonyInput>;
  assertion?: Partial<Assertion>;
  added?: Record<string, unknown>;
  review?: Record<string, unknown>;
  /** Where the end of the passkey is recorded, if at all. */
  ended?: 'before' | 'after';
  /** Leaves the registration out of what is joined. */
  unregistered?: boolean;
}

const device = { secret: sha256(utf8('device')), credentialId: sha256(utf8('credential')) };
const CREDENTIAL = formatBase64url(device.credentialId);
const RELYING = { origin: 'https://console.test', rpId: 'console.test' };

/** The passkey's records before the verdict, its signature, and the records after. */
function passkeyDrafts(lie: PasskeyLie | undefined): { before: Draft[]; review: object; after: Draft[] } {
  if (!lie) return { before: [], review: { method: 'session' }, after: [] };
  const signed = signAssertion(device, {
    challenge: reviewChallenge(statement as ReviewStatement),
    ...RELYING,
    signCount: 1,
    ...lie.ceremony,
  });
  const assertion = { ...signed, ...lie.assertion };
  const ended: Draft = {
    kind: 'key.retired',
    id: 'rec_passkey_ended',
    minute: 4,
    body: { key: 'passkey', person: PERSON, credential_id: CREDENTIAL, reason_code: 'lost', by: PERSON },
  };
  const added: Draft = {
    kind: 'key.added',
    id: 'rec_passkey',
    minute: 1,
    body: {
      key: 'passkey',
      person: PERSON,
      credential_id: CREDENTIAL,
      public_key: formatBase64url(softwarePublicKey(device.secret)),
      rp_id: RELYING.rpId,
      allowed_by: 'first',
      ...lie.added,
    },
  };
  return {
    before: [...(lie.unregistered ? [] : [added]), ...(lie.ended === 'before' ? [ended] : [])],
    review: {
      method: 'passkey',
      passkey: {
        credential_id: CREDENTIAL,
        rp_id: RELYING.rpId,
        origin: RELYING.origin,
        authenticator_data: formatBase64url(assertion.authenticatorData),
        client_data_json: formatBase64url(assertion.clientDataJson),
        signature: formatBase64url(assertion.signature),
      },
      ...lie.review,
    },
    after: lie.ended === 'after' ? [ended] : [],
  };
}

export interface Case {
  streams: Map<string, Stored[]>;
  detail: DecisionDetail;
  material: DecisionMaterial;
  source: EvidenceSource;
}

/** `adjust` changes the drafts before anything is signed: a lie told by whoever holds the keys. */
export function buildCase(
  adjust: {
    statementDigest?: string;
    redeemedAction?: string;
    seqGap?: boolean;
    claims?: Partial<TokenClaims>;
    /** Signs the verdict with a passkey: how, and what its records say. */
    passkey?: PasskeyLie;
    /** The decision was not signed at its source. */
    origin?: RecordOrigin;
  } = {},
): Case {
  const own = chain(PRODUCER, PRODUCER, producerKey, [
    heartbeat(0),
    heartbeat(1),
    {
      kind: 'decision',
      id: DECISION_ID,
      minute: 2,
      body: { ...body, origin: adjust.origin },
      ...(adjust.seqGap ? { seq: 4 } : {}),
    },
    { ...heartbeat(3), ...(adjust.seqGap ? { seq: 5 } : {}) },
  ]);
  const passkey = passkeyDrafts(adjust.passkey);
  const asked: Draft[] = [
    ...passkey.before,
    {
      kind: 'escalation',
      id: ESCALATION_ID,
      minute: 2,
      body: {
        escalation_id: ESCALATION_ID,
        state: 'pending',
        gateway: PRODUCER,
        evaluation_id: 'evl_1',
        decision_id: DECISION_ID,
        instance: statement.instance,
        action_digest: ACTION,
        agent: 'payments-agent',
        tool: 'transfer',
        tier: 'bounded',
        control: 'threshold',
        rule: 'first-payee',
        reason_code: 'new_beneficiary',
        policy,
        quorum: [{ role: 'reviewer', count: 1 }],
        subjects: [],
        payloads: { action: digestOf('payload') },
        expires_at: '2026-11-20T06:30:00.000Z',
      },
    },
    {
      kind: 'review',
      id: 'rev_1',
      minute: 4,
      body: {
        review_id: 'rev_1',
        escalation_id: ESCALATION_ID,
        decision_id: DECISION_ID,
        statement,
        statement_digest: adjust.statementDigest ?? digestOf(statement),
        ...passkey.review,
      },
    },
  ];
  const begun = chain(CONSOLE, 'spiffe://console.test/countersign/console', journalKey, asked);
  const reviewed = begun.at(-1) as Stored;
  const claims = {
    iss: 'http://console.test',
    aud: PRODUCER,
    sub: 'payments-agent',
    act: { sub: SUBJECT },
    jti: APPROVAL_ID,
    iat: Date.UTC(2026, 10, 20, 6, 4, 49) / 1_000,
    nbf: Date.UTC(2026, 10, 20, 6, 4, 49) / 1_000,
    exp: Date.UTC(2026, 10, 20, 6, 14, 49) / 1_000,
    task_id: ESCALATION_ID,
    authorization_details: [
      {
        type: 'agent_action' as const,
        action_digest: ACTION,
        resource: { type: 'account', id: 'acct-9' },
        action: { name: 'transfer' },
        tier: 'bounded' as const,
      },
    ],
    policy: { id: policy.id, version: String(policy.version), digest: policy.digest },
    approvals: [
      {
        reviewer: PERSON,
        role: 'reviewer',
        verdict: 'approve' as const,
        reason_code: statement.reason_code,
        opened_at: statement.opened_at,
        decided_at: statement.decided_at,
        review_dwell_ms: statement.review_dwell_ms,
        active_ms: statement.active_ms,
        coverage: statement.coverage,
        statement_digest: digestOf(statement),
        method: adjust.passkey ? ('passkey' as const) : ('session' as const),
      },
    ],
    record: {
      stream: CONSOLE,
      position: reviewed.position,
      link: formatDigest('blake2b-512', reviewed.link),
    },
    ...adjust.claims,
  } satisfies TokenClaims;
  const token = formatToken(claims, { kid: approvalKey.keyid, seed: approvalKey.seed });
  const joined = chain(CONSOLE, 'spiffe://console.test/countersign/console', journalKey, [
    ...asked,
    ...passkey.after,
    {
      kind: 'approval.issued',
      id: APPROVAL_ID,
      minute: 4,
      body: {
        approval_id: APPROVAL_ID,
        escalation_id: ESCALATION_ID,
        audience: PRODUCER,
        kid: approvalKey.keyid,
        action_digest: ACTION,
        claims_digest: digestOf(claims),
        expires_at: '2026-11-20T06:14:49.000Z',
      },
    },
    {
      kind: 'escalation',
      id: 'rec_ended',
      minute: 4,
      body: {
        escalation_id: ESCALATION_ID,
        decision_id: DECISION_ID,
        state: 'approved',
        action_digest: ACTION,
      },
    },
    {
      kind: 'approval.redeemed',
      id: 'rec_redeemed',
      minute: 5,
      body: {
        approval_id: APPROVAL_ID,
        escalation_id: ESCALATION_ID,
        gateway: PRODUCER,
        action_digest: adjust.redeemedAction ?? ACTION,
      },
    },
    {
      kind: 'action.outcome',
      id: 'rec_outcome',
      minute: 6,
      body: {
        decision_id: DECISION_ID,
        approval_id: APPROVAL_ID,
        state: 'forwarded',
        downstream: [{ system: 'core-bank', type: 'transfer', id: 'TRF-77' }],
      },
    },
  ]);
  const streams = new Map([
    [PRODUCER, own],
    [CONSOLE, joined],
  ]);
  return {
    streams,
    detail: detailOf(streams),
    material: materialOf(streams, token),
    source: sourceOf(streams),
  };
}

export function toView(stream: string, stored: Stored): RecordView {
  return {
    stream,
    position: stored.position,
    id: stored.id,
    kind: stored.kind,
    occurredAt: stored.occurredAt,
    acceptedAt: stored.occurredAt,
    envelope: formatBase64(stored.bytes),
    link: formatBase64(stored.link),
  };
}

/** As the server would answer from these very rows. */
export function detailOf(streams: ReadonlyMap<string, readonly Stored[]>): DecisionDetail {
  const record = streams.get(PRODUCER)?.[2] as Stored;
  const projected = projectDecision(DECISION_ID, record.occurredAt, body).decision;
  return {
    row: {
      ...projected,
      guardrails: projected?.guardrails?.slice(1, -1).split('\n') ?? [],
      origin: null,
      stream: PRODUCER,
      position: 3,
    } as unknown as DecisionRow,
    record: toView(PRODUCER, record),
    related: (streams.get(CONSOLE) ?? []).map((stored) => toView(CONSOLE, stored)),
    versions: [],
    inForce: [],
    payloads: [],
    parents: [],
    people: [{ id: PERSON, name: 'Meera Iyer' }],
    reviewsWithheld: false,
    sameId: [],
  };
}

function keyView(key: { seed: Uint8Array; keyid: string }) {
  return {
    keyid: key.keyid,
    publicKey: formatBase64url(publicKeyOf(key.seed)),
    validFrom: '2026-11-01T00:00:00.000Z',
    retiredAt: null,
  };
}

function materialOf(streams: ReadonlyMap<string, readonly Stored[]>, token: string): DecisionMaterial {
  return {
    streams: [
      {
        stream: PRODUCER,
        producer: PRODUCER,
        head: streams.get(PRODUCER)?.length ?? 0,
        keys: [keyView(producerKey)],
      },
      {
        stream: CONSOLE,
        producer: 'console',
        head: streams.get(CONSOLE)?.length ?? 0,
        keys: [keyView(journalKey)],
      },
    ],
    log: { origin: ORIGIN, vkey: formatNoteKey(checkpointKeyOf(logSigner)) },
    approvals: [{ id: APPROVAL_ID, audience: PRODUCER, token }],
    approvalKeys: [keyView(approvalKey)],
    trust: [],
  };
}

/** The tree over all entries, and everything a log serves of it at a size. */
function sourceOf(streams: ReadonlyMap<string, readonly Stored[]>): EvidenceSource {
  // Taken when the case is built: the log has signed what was appended, whatever is changed in the records later.
  const entries = [...streams].flatMap(([stream, records]) =>
    records.map(({ position, link }) => ({
      stream,
      position,
      leaf: leafHash(formatEntry({ stream, position, link })),
    })),
  );
  const getNode = (level: number, index: number): Uint8Array =>
    level === 0
      ? (entries[index] as { leaf: Uint8Array }).leaf
      : nodeHash(getNode(level - 1, index * 2), getNode(level - 1, index * 2 + 1));
  return {
    async *records(stream, from, to) {
      for (const { position, bytes, link } of streams.get(stream) ?? []) {
        if (position >= from && position <= to) yield { position, bytes, link };
      }
    },
    inclusion: async (stream, position) => {
      const index = entries.findIndex((entry) => entry.stream === stream && entry.position === position);
      const size = entries.length;
      const proof = inclusionProof(index, size, getNode);
      if (!proof.ok) return null;
      const checkpoint = signCheckpoint({ origin: ORIGIN, size, root: treeRoot(size, getNode) }, logSigner);
      return { index, size, hashes: proof.value, checkpoint };
    },
    tile: async (tile: Tile) => formatTile(tileNodes(tile).map(({ level, index }) => getNode(level, index))),
    witnesses: async () => [],
  };
}

/** The checkpoint that this log signed when it was smaller. */
export function earlierRoot(streams: ReadonlyMap<string, readonly Stored[]>, size: number): Uint8Array {
  const leaves = [...streams].flatMap(([stream, records]) =>
    records.map(({ position, link }) => leafHash(formatEntry({ stream, position, link }))),
  );
  const getNode = (level: number, index: number): Uint8Array =>
    level === 0
      ? (leaves[index] as Uint8Array)
      : nodeHash(getNode(level - 1, index * 2), getNode(level - 1, index * 2 + 1));
  return treeRoot(size, getNode);
}
