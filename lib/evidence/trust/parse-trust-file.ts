/**
 * Files by which a person pins trust, each in the form in which its owner publishes it:
 *
 *   {"format":"countersign/trust/v1","roots":[…]}            our trust file
 *   example.com/log+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBf…      note keys (C2SP vkey), one a line; `#` begins a remark
 *   -----BEGIN CERTIFICATE-----                              PEM (RFC 7468) of certificates or public keys; or one in DER
 *   {"keys":[…]}                                             JWKS: approval keys (Ed25519) or a CCF ledger's keys (EC)
 *   {"parameters":[{"serviceCertificate":…}]}                service certificates of a SCITT ledger
 *   {"mediaType":"…trustedroot+json…"}                       Sigstore's trusted_root.json
 *   {"headers":[{"height":…,"header":…}]}, raw headers       Bitcoin block headers
 *   {"PublicKeyList":[…]}                                    keys of an AWS account's audit log (cloudtrail list-public-keys)
 *   {"nodeId":…,"keys":[…]}                                  keys of a NexArt node
 *
 * Worked example: `PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW` is one root of kind `log` with the
 * fingerprint sha-256:c7a9d541f116ae828b693ee8c89482bbe3ec786faa1df159677bd65150394f0f.
 */
import { decodeUtf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { isJsonObject, type JsonValue, parseJson } from '@/lib/core/json';
import { err, type Result } from '@/lib/core/result';
import { NOTE_KEY_TYPE, parseNoteKey } from '@/lib/integrity/note-key';
import { parseHeaderFile } from '@/lib/integrity/witness/opentimestamps/parse-header-file';
import { parseAuditKeys } from '@/lib/integrity/witness/worm/parse-audit-keys';
import { parseSigstoreTrust } from './parse-sigstore-trust';
import { collect, readCerNode, readJwks, readLedgerList, readOwnTrustFile } from './parse-trust-json';
import { readDerRoot } from './read-der-root';
import { readPem } from './read-pem';
import { withFingerprint } from './root-bytes';
import type { TrustErrorCode } from './trust-error';
import type { TrustHints } from './trust-hints';
import { MAX_TRUST_ROOTS, type TrustRoot, type TrustRootOf } from './trust-root';

/** 10,000 roots of a few hundred bytes each. */
export const MAX_TRUST_FILE_BYTES = 8_388_608;

/**
 * Reads hostile bytes as trust roots, each with its fingerprint computed here. `name` is the file's; `hints` say what the
 * file does not. Nothing becomes trusted by being read: a person pins.
 */
export function parseTrustFile(
  name: string,
  bytes: Uint8Array,
  hints: TrustHints = {},
): Result<TrustRoot[], TrustErrorCode> {
  if (bytes.length > MAX_TRUST_FILE_BYTES) return err('trust_too_large');
  const read = readAny(name, bytes, hints);
  return read.ok && read.value.length > MAX_TRUST_ROOTS ? err('trust_too_large') : read;
}

function readAny(name: string, bytes: Uint8Array, hints: TrustHints): Result<TrustRoot[], TrustErrorCode> {
  const file =
    name
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\.[a-z0-9]+$/i, '')
      .slice(0, 120) || 'file';
  if (hints.as === 'bitcoin-header') return readHeaders(name, bytes);
  const text = decodeUtf8(bytes);
  if (!text.ok) return readBinary(name, file, bytes, hints);
  const trimmed = text.value.trimStart();
  if (trimmed.startsWith('{') || trimmed.startsWith('['))
    return readJson(name, file, bytes, text.value, hints);
  if (trimmed.includes('-----BEGIN ')) {
    const blocks = readPem(trimmed);
    return blocks.ok ? collect(blocks.value.map((block) => readDerRoot(block, file, hints))) : blocks;
  }
  return readNoteKeys(text.value, hints);
}

function readJson(
  name: string,
  file: string,
  bytes: Uint8Array,
  text: string,
  hints: TrustHints,
): Result<TrustRoot[], TrustErrorCode> {
  if (/^\s*\{\s*"PublicKeyList"/.test(text)) return readAuditKeys(bytes);
  const json = parseJson(text, { maxBytes: MAX_TRUST_FILE_BYTES });
  if (!json.ok) return err('trust_json', json.code);
  const { value } = json;
  if (isHeaderList(value)) return readHeaders(name, bytes);
  if (!isJsonObject(value)) return err('trust_unrecognised');
  if (typeof value.format === 'string') return readOwnTrustFile(value);
  if (Array.isArray(value.parameters)) return readLedgerList(value, file, hints);
  if (typeof value.mediaType === 'string') return parseSigstoreTrust(value);
  if (typeof value.nodeId === 'string') return readCerNode(value);
  if (Array.isArray(value.keys)) return readJwks(value, file, hints);
  return err('trust_unrecognised');
}

function isHeaderList(value: JsonValue): boolean {
  const list = isJsonObject(value) ? value.headers : value;
  return Array.isArray(list) && isJsonObject(list[0]) && Object.hasOwn(list[0], 'height');
}

function readBinary(
  name: string,
  file: string,
  bytes: Uint8Array,
  hints: TrustHints,
): Result<TrustRoot[], TrustErrorCode> {
  // A certificate begins as a DER SEQUENCE; so could a header, whose first bytes are a small version number.
  if (bytes[0] === 0x30 && bytes.length > 80) {
    return collect([readDerRoot({ label: 'CERTIFICATE', der: bytes }, file, hints)]);
  }
  return bytes.length % 80 === 0 && bytes.length > 0 ? readHeaders(name, bytes) : err('trust_unrecognised');
}

function readHeaders(name: string, bytes: Uint8Array): Result<TrustRoot[], TrustErrorCode> {
  const headers = parseHeaderFile(name, bytes);
  if (!headers.ok) {
    return headers.code === 'header_file_too_large'
      ? err('trust_too_large')
      : err('trust_shape', headers.detail ?? headers.code);
  }
  return collect(
    headers.value.map(({ height, header }) =>
      withFingerprint<TrustRootOf<'bitcoin-header'>>({
        kind: 'bitcoin-header',
        name: `Bitcoin block ${height}`,
        height,
        header: formatBase64(header),
      }),
    ),
  );
}

/** Its instants are numbers with fractions, which our own strict reading of JSON refuses. */
function readAuditKeys(bytes: Uint8Array): Result<TrustRoot[], TrustErrorCode> {
  const keys = parseAuditKeys(bytes);
  if (!keys.ok)
    return err(keys.code === 'audit_key_fingerprint' ? 'trust_fingerprint' : 'trust_shape', keys.code);
  return collect(
    keys.value.map(({ publicKey, fingerprint }) =>
      withFingerprint<TrustRootOf<'store-audit-key'>>({
        kind: 'store-audit-key',
        name: `CloudTrail key ${fingerprint}`,
        publicKey: formatBase64(publicKey),
      }),
    ),
  );
}

function readNoteKeys(text: string, hints: TrustHints): Result<TrustRoot[], TrustErrorCode> {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const vkeys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (
    vkeys.length === 0 ||
    vkeys.length > MAX_TRUST_ROOTS ||
    !vkeys.every((line) => /^[^\s+]+\+[0-9a-f]{8}\+/.test(line))
  )
    return err('trust_unrecognised');
  return collect(
    vkeys.map((vkey) => {
      const key = parseNoteKey(vkey);
      if (!key.ok) return err('trust_key', key.code);
      const name = (hints.name ?? key.value.name).slice(0, 200);
      return key.value.type === NOTE_KEY_TYPE.ed25519
        ? withFingerprint<TrustRootOf<'log'>>({ kind: 'log', name, vkey })
        : withFingerprint<TrustRootOf<'witness'>>({ kind: 'witness', name, vkey });
    }),
  );
}
