/**
 * One entry of a Rekor log with the log's proofs, in the two spellings in which logs answer it:
 *
 *   Rekor v1  {"<uuid>":{"body":"<base64>","integratedTime":…,"logID":"<hex>","logIndex":…,"verification":
 *             {"inclusionProof":{"checkpoint":"…","hashes":["<hex>"],"logIndex":…,"rootHash":"<hex>","treeSize":…},
 *              "signedEntryTimestamp":"<base64>"}}}
 *   Sigstore  {"logIndex":"…","logId":{"keyId":"<base64>"},"kindVersion":{"kind":…,"version":…},"integratedTime":"…",
 *             "inclusionPromise":{"signedEntryTimestamp":"<base64>"},"inclusionProof":{"logIndex":"…","rootHash":"<base64>",
 *             "treeSize":"…","hashes":["<base64>"],"checkpoint":{"envelope":"…"}},"canonicalizedBody":"<base64>"}
 */
import { equalBytes } from '@/lib/core/bytes';
import type { JsonObject, JsonValue } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { HASH_BYTES, leafHash } from '@/lib/integrity/merkle';
import {
  base64Of,
  hexOf,
  integerOf,
  listOf,
  objectOf,
  textOf,
} from '@/lib/integrity/witness/rekor/json-fields';

const MAX_HASHES = 64;
/** The end of the year 9999. */
const LAST_TIME_S = 253_402_300_799;

export interface RekorEntry {
  readonly logId: Uint8Array;
  /** Among all entries of the log, also where it is in several trees; signed by v1 only. */
  readonly logIndex: number;
  /** Seconds since the Unix epoch, as stated. Nothing but a verified SET makes it true. */
  readonly integratedTimeS: number | null;
  /** What the log holds, and its base64 as it came. */
  readonly body: Uint8Array;
  readonly bodyText: string;
  /** Signed entry timestamp. */
  readonly set: Uint8Array | null;
  readonly stated: { readonly kind: string; readonly version: string } | null;
  readonly inclusion: RekorInclusion | null;
}

export interface RekorInclusion {
  readonly index: number;
  /** As stated beside the checkpoint. */
  readonly size: number;
  readonly root: Uint8Array;
  readonly hashes: readonly Uint8Array[];
  /** The signed note. */
  readonly checkpoint: string | null;
}

type Parsed<T> = Result<T, 'rekor_shape'>;

/** An entry as Sigstore's protocol buffers print it. */
export function parseLogEntry(value: JsonValue): Parsed<RekorEntry> {
  const entry = objectOf(value);
  const logId = base64Of(objectOf(entry?.logId)?.keyId);
  const logIndex = integerOf(entry?.logIndex ?? 0);
  const bodyText = textOf(entry?.canonicalizedBody);
  const body = base64Of(entry?.canonicalizedBody);
  if (!entry || logId?.length !== HASH_BYTES || logIndex === null || bodyText === null || !body) {
    return err('rekor_shape', 'entry');
  }
  const stated = readKind(entry.kindVersion);
  const set = readOptional(entry.inclusionPromise, (promise) =>
    base64Of(objectOf(promise)?.signedEntryTimestamp),
  );
  const inclusion = readOptional(entry.inclusionProof, readProof);
  const time = readOptional(entry.integratedTime, timeOf);
  if (stated === undefined || set === undefined || inclusion === undefined || time === undefined) {
    return err('rekor_shape', 'kind, promise, proof or time of the entry');
  }
  return ok({ logId, logIndex, integratedTimeS: time, body, bodyText, set, stated, inclusion });
}

/** An entry as Rekor v1 answers it, with the id under which it answers. */
export function parseV1Entry(uuid: string | null, value: JsonValue): Parsed<RekorEntry> {
  const entry = objectOf(value);
  const logId = hexOf(entry?.logID);
  const logIndex = integerOf(entry?.logIndex);
  const bodyText = textOf(entry?.body);
  const body = base64Of(entry?.body);
  const time = timeOf(entry?.integratedTime);
  if (logId?.length !== HASH_BYTES || logIndex === null || bodyText === null || !body || time === null) {
    return err('rekor_shape', 'entry');
  }
  const verification = objectOf(entry?.verification) ?? {};
  const set = readOptional(verification.signedEntryTimestamp, base64Of);
  const inclusion = readOptional(verification.inclusionProof, readV1Proof);
  if (set === undefined || inclusion === undefined) return err('rekor_shape', 'proof of the entry');
  if (uuid !== null && !namesLeaf(uuid, body)) return err('rekor_shape', 'the id is of another entry');
  return ok({ logId, logIndex, integratedTimeS: time, body, bodyText, set, stated: null, inclusion });
}

/** An id is 16 hex digits of a tree, or none, and the leaf hash. */
function namesLeaf(uuid: string, body: Uint8Array): boolean {
  const id = hexOf(uuid);
  if (!id || (id.length !== HASH_BYTES && id.length !== HASH_BYTES + 8)) return false;
  return equalBytes(id.subarray(-HASH_BYTES), leafHash(body));
}

function timeOf(value: JsonValue | undefined): number | null {
  const seconds = integerOf(value);
  return seconds !== null && seconds <= LAST_TIME_S ? seconds : null;
}

/** Null where it is absent, undefined where it is malformed. */
function readOptional<T>(
  value: JsonValue | undefined,
  read: (value: JsonValue) => T | null,
): T | null | undefined {
  return value === undefined || value === null ? null : (read(value) ?? undefined);
}

function readKind(value: JsonValue | undefined): RekorEntry['stated'] | undefined {
  return readOptional(value, (one) => {
    const [kind, version] = [textOf(objectOf(one)?.kind), textOf(objectOf(one)?.version)];
    return kind !== null && version !== null ? { kind, version } : null;
  });
}

function readProof(value: JsonValue): RekorInclusion | null {
  const proof = objectOf(value);
  if (!proof) return null;
  // Protocol buffers leave zeros and empty lists out.
  return readInclusion(
    { ...proof, logIndex: proof.logIndex ?? 0, hashes: proof.hashes ?? [] },
    base64Of,
    (one) => textOf(objectOf(one)?.envelope),
  );
}

function readV1Proof(value: JsonValue): RekorInclusion | null {
  const proof = objectOf(value);
  return proof && readInclusion(proof, hexOf, textOf);
}

function readInclusion(
  proof: JsonObject,
  bytesOf: (value: JsonValue | undefined) => Uint8Array | null,
  noteOf: (value: JsonValue) => string | null,
): RekorInclusion | null {
  const hashOf = (element: JsonValue | undefined): Uint8Array | null => {
    const hash = bytesOf(element);
    return hash?.length === HASH_BYTES ? hash : null;
  };
  const index = integerOf(proof.logIndex);
  const size = integerOf(proof.treeSize);
  const root = hashOf(proof.rootHash);
  const hashes = listOf(proof.hashes, MAX_HASHES, hashOf);
  const checkpoint = readOptional(proof.checkpoint, noteOf);
  if (index === null || size === null || !root || !hashes || checkpoint === undefined) return null;
  return { index, size, root, hashes, checkpoint };
}
