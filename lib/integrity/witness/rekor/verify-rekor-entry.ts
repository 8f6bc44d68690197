/**
 * What an entry of a Sigstore Rekor log shows, v1 and v2, against pinned logs. Takes the log's answer, Sigstore's
 * TransparencyLogEntry, or a whole Sigstore bundle. Lines in order, for every entry:
 *
 *   rekor.entry         the form; kind and version as stated
 *   rekor.stamp         the digest in the canonical body is that of what was stamped
 *   rekor.signature     the signature in the body, under the key in the body
 *   rekor.signer        that key is a pinned anchoring key; a certificate's owner is NOT CHECKED
 *   rekor.bundle        only in a bundle: its signature, digest and certificate are those of the entry
 *   rekor.checkpoint    signed by the pinned log, with the size and root that the proof states
 *   rekor.inclusion     leaf SHA-256(0x00 ‖ body) under size and root of the *verified* checkpoint
 *   rekor.set           only v1: the log's signature over JCS of body, time, log id, index. v2's time is ignored
 *   rekor.cosignatures  only where pinned witnesses cosigned the checkpoint; all others are passed over
 *   rekor.timestamp     only in a bundle: RFC 3161 time stamps over the signature
 *   rekor.log-key       only where a log is pinned with a life, and a time is known
 *   rekor.certificate   only where the entry was signed under a certificate: it was valid at those times
 *
 * `witnessedAtMs` is the earliest verified time: signed by the log (v1), by a witness, or by a time-stamping authority.
 */
import { decodeUtf8, equalBytes } from '@/lib/core/bytes';
import { isJsonObject, type JsonObject, parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import type { Check } from '@/lib/integrity/check';
import type { NoteKey } from '@/lib/integrity/note-key';
import { invalid, notChecked, VALID } from '@/lib/integrity/witness/line-outcome';
import {
  checkBundle,
  checkSignature,
  checkSigner,
  checkStamp,
} from '@/lib/integrity/witness/rekor/check-content';
import { checkLog } from '@/lib/integrity/witness/rekor/check-log';
import {
  checkCertificateLife,
  checkLogKey,
  checkTimestamp,
  type PinnedAuthority,
} from '@/lib/integrity/witness/rekor/check-times';
import { parseRekorBody, type RekorBody } from '@/lib/integrity/witness/rekor/rekor-body';
import { parseLogEntry, parseV1Entry, type RekorEntry } from '@/lib/integrity/witness/rekor/rekor-entry';
import { type RekorCode, rekorLine } from '@/lib/integrity/witness/rekor/rekor-lines';
import { type PinnedLog, type RekorLog, readRekorLog } from '@/lib/integrity/witness/rekor/rekor-log';
import {
  isSigstoreBundle,
  parseSigstoreBundle,
  type SigstoreBundle,
} from '@/lib/integrity/witness/rekor/sigstore-bundle';
import { reportWitness, type Stamped, type WitnessReport } from '@/lib/integrity/witness/witness-report';

export interface RekorTrust {
  readonly logs: readonly PinnedLog[];
  /** SPKI DER of the keys under which our stamps are signed for Rekor. */
  readonly anchorKeys: readonly Uint8Array[];
  /** C2SP witnesses of Rekor v2 logs. */
  readonly witnessKeys?: readonly NoteKey[];
  /** For the time stamps of bundles. */
  readonly timestampAuthorities?: readonly PinnedAuthority[];
}

export const MAX_REKOR_ENTRY_BYTES = 2_097_152;
const FORM = 'the receipt, member for member, with the form of a Rekor entry';

interface RekorReceipt {
  readonly entries: readonly RekorEntry[];
  readonly bundle: SigstoreBundle | null;
}

/** Never throws, whatever the receipt. With `stamped` null nothing is said of what was stamped. */
export async function verifyRekorEntry(
  receipt: Uint8Array,
  stamped: Stamped | null,
  trust: RekorTrust,
): Promise<WitnessReport> {
  const parsed = parseReceipt(receipt);
  if (!parsed.ok) {
    const held = parsed.detail === undefined ? {} : { computed: parsed.detail };
    return reportWitness([rekorLine('entry', FORM, invalid(parsed.code, held))]);
  }
  const { entries, bundle } = parsed.value;
  const logs = trust.logs.flatMap((pinned) => {
    const log = readRekorLog(pinned);
    return log.ok ? [log.value] : [];
  });
  const stamps = bundle ? await checkTimestamps(bundle, trust.timestampAuthorities ?? []) : NO_STAMPS;
  const found = await Promise.all(
    entries.map((entry) => verifyEntry(entry, bundle, stamped, { ...trust, logs }, stamps.timesMs)),
  );
  const timesMs = [...found.flatMap((one) => one.timesMs), ...stamps.timesMs];
  return reportWitness([...found.flatMap(({ checks }) => checks), ...stamps.checks], {
    witnessedAtMs: timesMs.length > 0 ? Math.min(...timesMs) : null,
    witness: found.find(({ witness }) => witness !== null)?.witness ?? null,
  });
}

const NO_STAMPS: { checks: readonly Check[]; timesMs: readonly number[] } = { checks: [], timesMs: [] };

async function checkTimestamps(
  { content, timestamps }: SigstoreBundle,
  authorities: readonly PinnedAuthority[],
): Promise<typeof NO_STAMPS> {
  const [signature] = content.kind === 'message' ? [content.signature] : content.signatures;
  if (!signature) return NO_STAMPS;
  const found = await Promise.all(timestamps.map((token) => checkTimestamp(token, signature, authorities)));
  return {
    checks: found.map(({ check }) => check),
    timesMs: found.flatMap(({ timeMs }) => (timeMs === null ? [] : [timeMs])),
  };
}

async function verifyEntry(
  entry: RekorEntry,
  bundle: SigstoreBundle | null,
  stamped: Stamped | null,
  trust: Omit<RekorTrust, 'logs'> & { logs: readonly RekorLog[] },
  stampTimesMs: readonly number[],
): Promise<{ checks: Check[]; timesMs: readonly number[]; witness: string | null }> {
  const log = trust.logs.find(({ logId }) => equalBytes(logId, entry.logId)) ?? null;
  const parsed = parseRekorBody(entry.body);
  const body = parsed.ok ? parsed.value : null;
  const found = checkLog(entry, body, log, trust.witnessKeys ?? []);
  const setTimesMs = found.checks.some(({ id, verdict }) => id === 'rekor.set' && verdict === 'valid')
    ? [(entry.integratedTimeS as number) * 1000]
    : [];
  const checks = [
    checkForm(entry, parsed),
    ...(body ? await checkContent(body, bundle, stamped, trust.anchorKeys) : []),
    ...found.checks,
    ...checkLogKey(log, [...setTimesMs, ...stampTimesMs]),
    ...(body ? checkCertificateLife(body, [...setTimesMs, ...stampTimesMs]) : []),
  ];
  const isLogged = found.checks.every(({ verdict }) => verdict === 'valid');
  return {
    checks,
    timesMs: found.timesMs,
    witness: isLogged && log ? `${log.origin}, entry ${entry.logIndex}` : null,
  };
}

async function checkContent(
  body: RekorBody,
  bundle: SigstoreBundle | null,
  stamped: Stamped | null,
  anchorKeys: readonly Uint8Array[],
): Promise<Check[]> {
  const content = bundle?.content ?? null;
  return [
    ...(stamped ? [checkStamp(body, content, stamped)] : []),
    await checkSignature(body, content, stamped),
    checkSigner(body, anchorKeys),
    ...(bundle ? [checkBundle(body, bundle)] : []),
  ];
}

function checkForm({ stated }: RekorEntry, parsed: ReturnType<typeof parseRekorBody>): Check {
  if (!parsed.ok) {
    const { code, detail } = parsed;
    const outcome =
      code === 'body_unsupported'
        ? notChecked(`unsupported kind of entry: ${detail ?? 'unknown'}`)
        : invalid(code, detail === undefined ? {} : { computed: detail });
    return rekorLine('entry', FORM, outcome);
  }
  const { kind, version } = parsed.value;
  const compared = `${FORM}, ${kind} ${version}`;
  if (stated && (stated.kind !== kind || stated.version !== version)) {
    const held = {
      expected: `${kind} ${version}`,
      computed: `${stated.kind} ${stated.version}`.slice(0, 100),
    };
    return rekorLine('entry', compared, invalid('rekor_body_mismatch', held));
  }
  return rekorLine('entry', compared, VALID);
}

function parseReceipt(bytes: Uint8Array): Result<RekorReceipt, RekorCode> {
  if (bytes.length > MAX_REKOR_ENTRY_BYTES) return err('rekor_too_large');
  const text = decodeUtf8(bytes);
  const json = text.ok ? parseJson(text.value, { maxBytes: MAX_REKOR_ENTRY_BYTES, maxDepth: 12 }) : text;
  if (!json.ok) return err('rekor_json', json.code);
  if (!isJsonObject(json.value)) return err('rekor_shape', 'no object');
  return isSigstoreBundle(json.value) ? readBundle(json.value) : readEntry(json.value);
}

function readBundle(json: JsonObject): Result<RekorReceipt, 'rekor_shape'> {
  const bundle = parseSigstoreBundle(json);
  if (!bundle.ok) return bundle;
  const entries: RekorEntry[] = [];
  for (const one of bundle.value.entries) {
    const entry = parseLogEntry(one);
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  return ok({ entries, bundle: bundle.value });
}

function readEntry(json: JsonObject): Result<RekorReceipt, 'rekor_shape'> {
  const [uuid, ...more] = Object.keys(json);
  const entry = Object.hasOwn(json, 'canonicalizedBody')
    ? parseLogEntry(json)
    : Object.hasOwn(json, 'body')
      ? parseV1Entry(null, json)
      : uuid !== undefined && more.length === 0
        ? parseV1Entry(uuid, json[uuid] ?? null)
        : err('rekor_shape', 'no entry');
  return entry.ok ? ok({ entries: [entry.value], bundle: null }) : entry;
}
