/**
 * What a write-once store's receipt shows. Ids of the lines:
 *
 *   worm.form        the bytes are a receipt
 *   worm.bytes       what is stored there hashes to the stamp
 *   worm.mode        nobody can take the lock off, not even the account's owner
 *   worm.retention   it holds beyond now, and at least as long as the policy asks
 *   worm.store       that this is so: the store's signed audit log names it, or this verifier has just read it there.
 *                    A receipt alone is NOT CHECKED here: stores do not sign what they answer
 *   worm.audit       with an audit log: its digests are signed by a pinned key and follow each other
 *   worm.audit-log   with an audit log: the log file is the one that a signed digest lists
 */
import { equalBytes } from '@/lib/core/bytes';
import { formatHex, parseBase64 } from '@/lib/core/encoding';
import { SHA_HASHES, sha256 } from '@/lib/core/hash';
import { formatInstant, parseInstant } from '@/lib/core/instant';
import type { Check } from '@/lib/integrity/check';
import { reportWitness, type Stamped, type WitnessReport } from '../witness-report';
import { verifyAuditLog } from './verify-audit-log';
import { parseWormStatement, type WormErrorCode, type WormStatement } from './worm-statement';

export interface WormTrust {
  /** SPKI DER of the keys under which the store's audit digests are signed. */
  readonly auditKeys: readonly Uint8Array[];
}

export interface WormOptions {
  readonly nowMs: number;
  /** Until when the policy wants it kept at least. */
  readonly minimumRetainUntilMs?: number;
  /** Only by whoever has just read the object from the store itself and wrote this receipt of it. */
  readonly freshlyRead?: boolean;
}

const STORES = { s3: 'Amazon S3', azure: 'Azure Blob Storage', gcs: 'Google Cloud Storage' } as const;
/** The word of each store for a lock that nobody can take off before its time. */
const FINAL_MODES = { s3: 'COMPLIANCE', azure: 'Locked', gcs: 'Locked' } as const;

const FORM_SENTENCES: Readonly<Record<WormErrorCode, string>> = {
  worm_too_large: 'it is larger than 4 MiB',
  worm_syntax: 'it is not strict JSON',
  worm_shape: 'it does not have the members of one',
  worm_not_canonical: 'it is not written in the one canonical way',
};

/** Never throws, whatever the receipt. `witnessedAtMs` is the audit log's time of the write, or the time of reading. */
export async function verifyWorm(
  receipt: Uint8Array,
  stamped: Stamped,
  trust: WormTrust,
  options: WormOptions,
): Promise<WitnessReport> {
  const form = { id: 'worm.form', title: 'Store receipt' };
  const parsed = parseWormStatement(receipt);
  if (!parsed.ok) {
    const compared = `the receipt with the form of a store’s receipt: ${FORM_SENTENCES[parsed.code]}`;
    return reportWitness([{ ...form, verdict: 'invalid', code: parsed.code, compared }]);
  }
  const statement = parsed.value;
  const audit = statement.cloudTrail
    ? await verifyAuditLog(statement, statement.cloudTrail, trust.auditKeys)
    : null;
  const store = audit?.checks ?? [checkFresh(statement, options)];
  const isVouched = store.every(({ verdict }) => verdict === 'valid');
  const readAt = parseInstant(statement.readAt);
  return reportWitness(
    [
      { ...form, verdict: 'valid', compared: 'the receipt, byte for byte, with what was read from it' },
      checkBytes(statement, stamped),
      checkMode(statement),
      checkRetention(statement, options),
      ...store,
    ],
    {
      witness: isVouched ? placeOf(statement) : null,
      witnessedAtMs: audit ? audit.putAtMs : readAt.ok ? readAt.value : null,
    },
  );
}

/** Where the object lies, for people. */
function placeOf({ provider, bucket }: WormStatement): string {
  return `${STORES[provider]}, ${provider === 'azure' ? 'container' : 'bucket'} ${bucket}`;
}

function checkBytes({ stored, checksumSha256 }: WormStatement, stamped: Stamped): Check {
  const base = { id: 'worm.bytes', title: 'Stored bytes' };
  const bytes = stored === null ? null : parseBase64(stored);
  const checksum = checksumSha256 === null ? null : parseBase64(checksumSha256);
  if (bytes?.ok) {
    const compared = 'the bytes read from the store with what was stamped';
    const own = sha256(bytes.value);
    if (checksum?.ok && !equalBytes(checksum.value, own)) {
      return {
        ...base,
        verdict: 'invalid',
        code: 'checksum_mismatch',
        compared: 'the bytes read from the store with the SHA-256 that the store states',
        expected: formatHex(checksum.value),
        computed: formatHex(own),
      };
    }
    return holdAgainst(base, compared, (hash) => hash(bytes.value), stamped);
  }
  if (checksum?.ok) {
    const compared = 'the SHA-256 that the store states with what was stamped';
    return holdAgainst(base, compared, (hash) => (hash === sha256 ? checksum.value : undefined), stamped);
  }
  return {
    ...base,
    verdict: 'not-checked',
    compared: 'what is stored with what was stamped',
    reason: 'the receipt holds neither the stored bytes nor their SHA-256',
  };
}

function holdAgainst(
  base: Pick<Check, 'id' | 'title'>,
  compared: string,
  digestBy: (hash: (bytes: Uint8Array) => Uint8Array) => Uint8Array | undefined,
  stamped: Stamped,
): Check {
  const hash = stamped.kind === 'bytes' ? sha256 : SHA_HASHES[stamped.algorithm];
  const expected = stamped.kind === 'bytes' ? sha256(stamped.bytes) : stamped.digest;
  const computed = digestBy(hash);
  if (!computed) {
    return {
      ...base,
      verdict: 'not-checked',
      compared,
      reason:
        'the receipt speaks of a SHA-256 digest, and only another digest of the stamped bytes is at hand',
    };
  }
  const digests = { expected: formatHex(expected), computed: formatHex(computed) };
  return equalBytes(expected, computed)
    ? { ...base, verdict: 'valid', compared, ...digests }
    : { ...base, verdict: 'invalid', code: 'digest_mismatch', compared, ...digests };
}

function checkMode({ provider, mode, legalHold }: WormStatement): Check {
  const final = FINAL_MODES[provider];
  const base = {
    id: 'worm.mode',
    title: 'Lock',
    compared: `the object’s lock with ${final}, which nobody can take off before its time`,
    expected: final,
    computed: mode ?? (legalHold ? 'only a legal hold' : 'none'),
  };
  // Azure's documentation writes the word both ways.
  const isFinal = provider === 'azure' ? mode?.toLowerCase() === 'locked' : mode === final;
  if (isFinal) return { ...base, verdict: 'valid' };
  return { ...base, verdict: 'invalid', code: mode === null ? 'mode_missing' : 'mode_removable' };
}

function checkRetention({ retainUntil }: WormStatement, { nowMs, minimumRetainUntilMs }: WormOptions): Check {
  const wanted = Math.max(nowMs, minimumRetainUntilMs ?? nowMs);
  const base = {
    id: 'worm.retention',
    title: 'Retention',
    compared: `the end of the lock with ${wanted > nowMs ? 'the end that the policy asks for' : 'now'}`,
    expected: `after ${formatInstant(wanted)}`,
  };
  const until = retainUntil === null ? null : parseInstant(retainUntil);
  if (!until?.ok || retainUntil === null) {
    return { ...base, verdict: 'invalid', code: 'retention_missing', computed: 'none' };
  }
  if (until.value <= nowMs)
    return { ...base, verdict: 'invalid', code: 'retention_over', computed: retainUntil };
  if (until.value < wanted)
    return { ...base, verdict: 'invalid', code: 'retention_short', computed: retainUntil };
  return { ...base, verdict: 'valid', computed: retainUntil };
}

function checkFresh(statement: WormStatement, { freshlyRead }: WormOptions): Check {
  const base = { id: 'worm.store', title: 'What the store says' };
  const place = `${placeOf(statement)}, ${statement.key}`;
  if (freshlyRead) {
    return {
      ...base,
      verdict: 'valid',
      compared: `this receipt with the store’s own answer at ${statement.readAt}, read here (${place})`,
    };
  }
  return {
    ...base,
    verdict: 'not-checked',
    compared: `this receipt with what the store itself says of ${place}`,
    reason:
      'stores do not sign their answers, so this is what the console wrote down; reading the object again settles it, and so does the store’s audit log under a pinned key',
  };
}
