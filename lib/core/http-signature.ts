/**
 * HTTP Message Signatures (RFC 9421) in the one profile that machines use with the console (formats.md §11):
 *
 *   Content-Digest: sha-256=:<base64>:                                                    (RFC 9530, with a body)
 *   Signature-Input: sig=("@method" "@target-uri" "content-digest");created=<unix s>;nonce="…";keyid="…";alg="ed25519"
 *   Signature: sig=:<base64 of 64 bytes>:
 *
 * Exactly one signature. Components in any order, but exactly these; parameters in any order, `tag` allowed, nothing
 * else. Only the canonical spelling of Structured Fields (RFC 9651 §4.1) is read, so what was signed is what was
 * received and nothing has to be printed again. What is signed is the signature base (RFC 9421 §2.5):
 *
 *   "@method": POST
 *   "@target-uri": https://console.example/access/v1/evaluation
 *   "content-digest": sha-256=:<base64>:
 *   "@signature-params": ("@method" "@target-uri" "content-digest");created=…;nonce="…";keyid="…";alg="ed25519"
 */
import { equalBytes, utf8 } from '@/lib/core/bytes';
import { signEd25519, verifyEd25519 } from '@/lib/core/ed25519';
import { formatBase64, parseBase64, parseDecimal } from '@/lib/core/encoding';
import { sha256, sha512 } from '@/lib/core/hash';
import { isForeignId } from '@/lib/core/id';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';

/** A covered component (RFC 9421 §2) with its value, as it enters the signature base. */
export type SignedComponent = { readonly name: string; readonly value: string };

export type RequestSignature = {
  /** Covered component names in the order in which they were signed. */
  readonly components: readonly string[];
  /** Everything after `<label>=` in Signature-Input: the value of `@signature-params`. */
  readonly paramsText: string;
  readonly createdS: number;
  readonly nonce: string;
  readonly keyid: string;
  readonly tag?: string;
  readonly signature: Uint8Array;
};

export type RequestSignatureErrorCode =
  | 'signature_missing'
  | 'signature_syntax'
  | 'signature_label'
  | 'signature_component'
  | 'signature_parameter'
  | 'signature_algorithm';

export type ContentDigestErrorCode =
  | 'content_digest_missing'
  | 'content_digest_syntax'
  | 'content_digest_unsupported'
  | 'content_digest_mismatch';

const MAX_FIELD_LENGTH = 2048;
const COMPONENTS = ['@method', '@target-uri', 'content-digest'];
const DIGESTS = { 'sha-256': sha256, 'sha-512': sha512 } as const;

/** RFC 9421 §2.5: one line per component, then the parameters; no newline at the end. */
export function formatSignatureBase(components: readonly SignedComponent[], paramsText: string): string {
  const lines = components.map(({ name, value }) => `"${name}": ${value}`);
  return [...lines, `"@signature-params": ${paramsText}`].join('\n');
}

/** RFC 9530 §2 Content-Digest of a body. */
export function formatContentDigest(body: Uint8Array, alg: keyof typeof DIGESTS = 'sha-256'): string {
  return `${alg}=:${formatBase64(DIGESTS[alg](body))}:`;
}

/**
 * Compares an RFC 9530 Content-Digest field with the body as received. Every sha-256 and sha-512 member must match,
 * at least one must be there; other algorithms are ignored.
 */
export function verifyContentDigest(
  field: string | null,
  body: Uint8Array,
): Result<true, ContentDigestErrorCode> {
  if (field === null) return err('content_digest_missing');
  if (field.length > MAX_FIELD_LENGTH) return err('content_digest_syntax');
  const seen = new Set<string>();
  let checked = 0;
  for (const member of field.split(', ')) {
    const match = /^([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):$/.exec(member);
    const [, alg = '', base64 = ''] = match ?? [];
    if (!match || seen.has(alg)) return err('content_digest_syntax');
    seen.add(alg);
    if (alg !== 'sha-256' && alg !== 'sha-512') continue;
    const stated = parseBase64(base64);
    if (!stated.ok) return err('content_digest_syntax');
    if (!equalBytes(stated.value, DIGESTS[alg](body))) return err('content_digest_mismatch');
    checked++;
  }
  return checked > 0 ? ok(true) : err('content_digest_unsupported');
}

/**
 * Signs a request. `targetUri` is absolute, with its query; `createdS` in seconds since the epoch; `nonce` 16–128
 * characters of `A-Za-z0-9_-`, fresh for every request.
 * @returns the header fields to send, `content-digest` among them when there is a body
 */
export function signRequest(request: {
  method: string;
  targetUri: string;
  body?: Uint8Array;
  keyid: string;
  seed: Uint8Array;
  createdS: number;
  nonce: string;
  tag?: string;
}): Record<string, string> {
  invariant(isForeignId(request.keyid), 'signRequest: keyid');
  invariant(NONCE.test(request.nonce), 'signRequest: nonce');
  invariant(request.tag === undefined || isForeignId(request.tag), 'signRequest: tag');
  const digest = request.body?.length ? formatContentDigest(request.body) : undefined;
  const names = digest ? COMPONENTS : COMPONENTS.slice(0, 2);
  const tag = request.tag === undefined ? '' : `;tag="${request.tag}"`;
  const paramsText = `(${names.map((name) => `"${name}"`).join(' ')});created=${request.createdS};nonce="${request.nonce}";keyid="${request.keyid}";alg="ed25519"${tag}`;
  const base = formatSignatureBase(
    componentsOf(names, request.method, request.targetUri, digest ?? ''),
    paramsText,
  );
  return {
    ...(digest ? { 'content-digest': digest } : {}),
    'signature-input': `sig=${paramsText}`,
    signature: `sig=:${formatBase64(signEd25519(request.seed, utf8(base)))}:`,
  };
}

const NONCE = /^[A-Za-z0-9_-]{16,128}$/;
const LABEL = '[a-z*][a-z0-9_.*-]{0,63}';
const INPUT = new RegExp(
  `^(${LABEL})=(\\(((?:"[a-z@-]{1,64}" ?){0,8})\\)((?:;[a-z]{1,16}=[^;]{1,200}){0,8}))$`,
);
const SIGNATURE = new RegExp(`^(${LABEL})=:([A-Za-z0-9+/=]{1,128}):$`);

/**
 * Reads the two hostile header fields. A repeated field arrives joined by a comma and is refused: there is exactly one
 * signature. `hasBody` says whether `content-digest` must be covered; without a body it may be.
 */
export function parseRequestSignature(fields: {
  signatureInput: string | null;
  signature: string | null;
  hasBody: boolean;
}): Result<RequestSignature, RequestSignatureErrorCode> {
  const { signatureInput, signature } = fields;
  if (signatureInput === null || signature === null) return err('signature_missing');
  if (signatureInput.length > MAX_FIELD_LENGTH || signature.length > MAX_FIELD_LENGTH) {
    return err('signature_syntax', 'too long');
  }
  const input = INPUT.exec(signatureInput);
  const value = SIGNATURE.exec(signature);
  if (!input || !value) return err('signature_syntax');
  if (input[1] !== value[1]) return err('signature_label');
  const bytes = parseBase64(value[2] as string);
  if (!bytes.ok || bytes.value.length !== 64) return err('signature_syntax', 'signature bytes');
  const [, , paramsText = '', list = '', params = ''] = input;
  if (list.endsWith(' ')) return err('signature_syntax', 'component list');
  const components = list.split(' ').map((name) => name.slice(1, -1));
  if (!coversExactly(components, fields.hasBody)) return err('signature_component');
  const read = parseParameters(params);
  if (!read.ok) return read;
  return ok({ components, paramsText, ...read.value, signature: bytes.value });
}

/** True when `signature` was made by `publicKey` (strict Ed25519) over this very method, address and digest field. */
export function verifyRequestSignature(
  signature: RequestSignature,
  request: { method: string; targetUri: string; contentDigest: string | null; publicKey: Uint8Array },
): boolean {
  const covered = componentsOf(
    signature.components,
    request.method,
    request.targetUri,
    request.contentDigest ?? '',
  );
  const base = formatSignatureBase(covered, signature.paramsText);
  return verifyEd25519(request.publicKey, utf8(base), signature.signature);
}

function componentsOf(
  names: readonly string[],
  method: string,
  targetUri: string,
  contentDigest: string,
): SignedComponent[] {
  const values: Record<string, string> = {
    '@method': method.toUpperCase(),
    '@target-uri': targetUri,
    'content-digest': contentDigest,
  };
  return names.map((name) => ({ name, value: values[name] as string }));
}

function coversExactly(components: readonly string[], hasBody: boolean): boolean {
  const covered = new Set(components);
  return (
    covered.size === components.length &&
    components.every((name) => COMPONENTS.includes(name)) &&
    covered.has('@method') &&
    covered.has('@target-uri') &&
    (!hasBody || covered.has('content-digest'))
  );
}

function parseParameters(
  text: string,
): Result<{ createdS: number; nonce: string; keyid: string; tag?: string }, RequestSignatureErrorCode> {
  const found = new Map<string, string>();
  for (const part of text.split(';').slice(1)) {
    const equals = part.indexOf('=');
    const name = part.slice(0, equals);
    if (found.has(name)) return err('signature_parameter', 'repeated');
    if (!['created', 'nonce', 'keyid', 'alg', 'tag'].includes(name))
      return err('signature_parameter', 'unknown');
    found.set(name, part.slice(equals + 1));
  }
  const created = parseDecimal(found.get('created') ?? '');
  const nonce = unquote(found.get('nonce'));
  const keyid = unquote(found.get('keyid'));
  const tag = unquote(found.get('tag'));
  if (found.get('alg') !== '"ed25519"') return err('signature_algorithm');
  if (!created.ok) return err('signature_parameter', 'created');
  if (nonce === undefined || !NONCE.test(nonce)) return err('signature_parameter', 'nonce');
  if (keyid === undefined || !isForeignId(keyid)) return err('signature_parameter', 'keyid');
  if (found.has('tag') && (tag === undefined || !isForeignId(tag))) return err('signature_parameter', 'tag');
  return ok({ createdS: created.value, nonce, keyid, ...(tag === undefined ? {} : { tag }) });
}

/** The content of an sf-string without escapes; escapes never occur in the characters that the profile allows. */
function unquote(text: string | undefined): string | undefined {
  return text !== undefined && /^"[^"\\]*"$/.test(text) ? text.slice(1, -1) : undefined;
}
