import { parseBase64, parseBase64url } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { err, ok, type Result } from '@/lib/core/result';
import { readRecord } from '@/lib/decisions/read-record';
import { type DecisionBody, decisionBody } from '@/lib/decisions/record-payload';
import { genesisLink, LINK_BYTES, nextLink, recordDigest } from '@/lib/integrity/chain';
import type { Check } from '@/lib/integrity/check';
import { type VerifiedCheckpoint, verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { type EnvelopeKey, parseEnvelope, verifyEnvelopeAsync } from '@/lib/integrity/dsse';
import { formatEntry } from '@/lib/integrity/entry';
import { leafHash, verifyConsistency } from '@/lib/integrity/merkle';
import { type NoteKey, parseNoteKey } from '@/lib/integrity/note-key';
import { verifyTlogProof } from '@/lib/integrity/tlog-proof';
import type { ForeignEvidence } from './foreign-decision';

/** What the verifier knows by itself: which decision is wanted, from whom, under which pinned key. */
export interface ForeignTrust {
  /** The parent's id as the child's signed record names it. */
  id: string;
  /** What people call the peer. */
  peer: string;
  /** Verifier key of the peer's log, pinned by an administrator here. */
  vkey: string;
}

export interface ForeignReport {
  checks: Check[];
  /** The decision, when every line about the record itself is VALID. */
  body: DecisionBody | null;
}

/**
 * A parent that lives in another console's log, verified from its bytes: signed by its producer, the very record that is
 * named, standing in the peer's log under the pinned key, and that log the same one whose checkpoint this console
 * cosigned. The producer's key is the peer's word; that the record is in its log is not.
 */
export async function verifyForeignDecision(
  evidence: ForeignEvidence,
  trust: ForeignTrust,
): Promise<ForeignReport> {
  const { decision } = evidence;
  const record = parseBase64(decision.envelope);
  const bytes = record.ok ? record.value : new Uint8Array();
  const log = checkLog(evidence, trust, bytes);
  const signature = await checkSignature(evidence, trust, bytes);
  const place = checkRecord(evidence, trust);
  const checks = [signature, place.check, ...log];
  const whole = checks.filter(({ id }) => !id.startsWith('parent.consistency'));
  return { checks, body: whole.every(({ verdict }) => verdict === 'valid') ? place.body : null };
}

const titled = (id: string, title: string, { peer }: ForeignTrust) => ({
  id: `parent.${id}`,
  title: `${title} of the parent at ${peer}`,
});

async function checkSignature(
  { decision }: ForeignEvidence,
  trust: ForeignTrust,
  bytes: Uint8Array,
): Promise<Check> {
  const base = {
    ...titled('signature', 'Signature', trust),
    compared: `the producer's Ed25519 signature over the record's bytes, by a key that ${trust.peer} publishes`,
    where: { stream: decision.stream, position: decision.position, byteFrom: 0, byteTo: bytes.length },
  };
  const envelope = parseEnvelope(bytes);
  if (!envelope.ok) return { ...base, verdict: 'invalid', code: envelope.code };
  const keys: EnvelopeKey[] = decision.keys.flatMap(({ keyid, publicKey }) => {
    const key = parseBase64url(publicKey);
    return key.ok ? [{ keyid, publicKey: key.value }] : [];
  });
  const verified = await verifyEnvelopeAsync(envelope.value, keys);
  if (!verified.ok) return { ...base, verdict: 'invalid', code: verified.code };
  const key = decision.keys.find(({ keyid }) => keyid === verified.value.keyid);
  const named = { ...base, key: verified.value.keyid };
  const accepted = Date.parse(decision.acceptedAt);
  if (
    !key ||
    accepted < Date.parse(key.validFrom) ||
    (key.retiredAt !== null && accepted > Date.parse(key.retiredAt))
  )
    return { ...named, verdict: 'invalid', code: 'key_validity', computed: decision.acceptedAt };
  return { ...named, verdict: 'valid' };
}

function checkRecord(
  { decision }: ForeignEvidence,
  trust: ForeignTrust,
): { check: Check; body: DecisionBody | null } {
  const base = {
    ...titled('place', 'Identity', trust),
    compared: 'id, kind, stream and producer inside the signature with the parent that the decision names',
    where: { stream: decision.stream, position: decision.position },
  };
  const read = readRecord({ envelope: decision.envelope });
  const body = read.ok ? decisionBody.safeParse(read.value.payload.body) : null;
  if (!read.ok || !body?.success)
    return { check: { ...base, verdict: 'invalid', code: 'record_unreadable' }, body: null };
  const { payload } = read.value;
  const wrong = (
    [
      ['id', trust.id, payload.id],
      ['kind', 'decision', payload.kind],
      ['stream', decision.stream, payload.stream],
      ['producer', decision.producer, payload.producer],
    ] as const
  ).find(([, expected, computed]) => expected !== computed);
  if (wrong) {
    const [field, expected, computed] = wrong;
    return {
      check: { ...base, verdict: 'invalid', code: `${field}_mismatch`, expected, computed },
      body: null,
    };
  }
  return { check: { ...base, verdict: 'valid' }, body: body.data };
}

/** Inclusion under the pinned key, and the log's agreement with what was cosigned here. */
function checkLog(evidence: ForeignEvidence, trust: ForeignTrust, bytes: Uint8Array): Check[] {
  const { decision } = evidence;
  const base = {
    ...titled('inclusion', 'Inclusion', trust),
    where: { stream: decision.stream, position: decision.position },
  };
  const key = parseNoteKey(trust.vkey);
  if (!key.ok) {
    const compared = "the record's leaf under a root that the peer signed";
    return [{ ...base, verdict: 'invalid', code: key.code, compared }];
  }
  const pinned = {
    key: `${key.value.name}+${key.value.keyId}`,
    root: {
      name: `log of ${trust.peer}`,
      fingerprint: formatDigest('sha-256', sha256(key.value.publicKey)),
      pinnedBy: 'an administrator of this console',
    },
  };
  const found = verifyInLog(evidence, key.value, bytes);
  if (!found.ok) {
    const compared = `the record's leaf, rebuilt here, under a root signed by ${key.value.name}`;
    return [{ ...base, ...pinned, verdict: 'invalid', code: found.code, compared }];
  }
  const { index, checkpoint } = found.value;
  const compared = `leaf ${index.toLocaleString('en')}, rebuilt here, under the signed root of size ${checkpoint.size.toLocaleString('en')}`;
  return [
    { ...base, where: { ...base.where, index }, ...pinned, verdict: 'valid', compared },
    { ...checkCosigned(evidence, trust, key.value, checkpoint), ...pinned },
  ];
}

function verifyInLog(
  { decision }: ForeignEvidence,
  logKey: NoteKey,
  bytes: Uint8Array,
): Result<{ index: number; checkpoint: VerifiedCheckpoint }, string> {
  const { stream, position } = decision;
  const before = decision.linkBefore === null ? null : parseBase64(decision.linkBefore);
  if (position === 1 ? before !== null : !before?.ok || before.value.length !== LINK_BYTES)
    return err('link_before');
  const previous = before?.ok ? before.value : genesisLink(stream);
  const link = nextLink(previous, position, recordDigest(bytes));
  const proof = parseBase64(decision.proof);
  if (!proof.ok) return err(proof.code);
  const verified = verifyTlogProof(proof.value, {
    leaf: leafHash(formatEntry({ stream, position, link })),
    origin: logKey.name,
    logKey,
  });
  return verified.ok ? ok(verified.value) : verified;
}

function checkCosigned(
  { cosigned }: ForeignEvidence,
  trust: ForeignTrust,
  logKey: NoteKey,
  newer: VerifiedCheckpoint,
): Check {
  const base = titled('consistency', 'Consistency', trust);
  if (!cosigned) {
    return {
      ...base,
      verdict: 'not-checked',
      compared: "the peer's checkpoint with one that this console cosigned",
      reason: `this console has cosigned no checkpoint of ${trust.peer}`,
    };
  }
  const note = parseBase64(cosigned.note);
  const older = note.ok ? verifyCheckpoint(note.value, { origin: logKey.name, logKey }) : note;
  const compared = "the peer's checkpoint with the one that this console cosigned";
  if (!older.ok) return { ...base, verdict: 'invalid', code: older.code, compared };
  const proof = cosigned.proof.map(parseBase64);
  const hashes = proof.flatMap((hash) => (hash.ok ? [hash.value] : []));
  const [first, second] = older.value.size <= newer.size ? [older.value, newer] : [newer, older.value];
  const sizes = `size ${first.size.toLocaleString('en')} with size ${second.size.toLocaleString('en')}, one of them cosigned here`;
  if (first.size === 0 && hashes.length === 0 && proof.length === 0)
    return { ...base, verdict: 'valid', compared: `${sizes}; every log continues the empty one` };
  const verified = verifyConsistency({
    size1: first.size,
    size2: second.size,
    root1: first.root,
    root2: second.root,
    proof: hashes,
  });
  return verified.ok && hashes.length === proof.length
    ? { ...base, verdict: 'valid', compared: sizes }
    : { ...base, verdict: 'invalid', code: verified.ok ? 'base64_syntax' : verified.code, compared: sizes };
}
