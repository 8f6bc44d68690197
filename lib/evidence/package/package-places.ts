/**
 * The places in an evidence package (formats.md §10) and how large a file of each kind may be. Streams are named by the
 * first 16 hex digits of SHA-256 of their name, since a name may hold what a path may not.
 */
import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { MAX_RECORD_BYTES } from '@/lib/integrity/dsse';
import type { WitnessType } from '@/lib/integrity/witness/witness-report';

const MIB = 1_048_576;

export const MANIFEST_PATH = 'manifest.json';
export const LINEAGE_PATH = 'lineage.json';
export const REPORT_PATH = 'report.pdf';
export const CERTIFICATION_PATH = 'certification-draft.md';
export const VERIFIER_PATH = 'verify.html';
export const JWKS_PATH = 'keys/jwks.json';
export const KEYS_PATH = 'keys/keys.json';
export const TRUST_PATH = 'trust/trust.json';
export const RECEIPTS_PATH = 'receipts/index.json';

export const MAX_MANIFEST_BYTES = 48 * MIB;
const SLUG = '[a-z0-9][a-z0-9-]{0,63}';
const STREAM = '[0-9a-f]{16}';
const NUMBER = '(?:0|[1-9][0-9]{0,15})';

/** Every place with the largest file that it takes; what matches none has no place. */
const PLACES: readonly (readonly [form: RegExp, maxBytes: number])[] = [
  [/^manifest\.json$/, MAX_MANIFEST_BYTES],
  [new RegExp(`^records/${STREAM}/${NUMBER}\\.dsse\\.json$`), MAX_RECORD_BYTES],
  [new RegExp(`^chain/${STREAM}\\.json$`), 32 * MIB],
  [new RegExp(`^proofs/${STREAM}/${NUMBER}-${NUMBER}\\.tlog-proof$`), 2_000_000],
  [/^proofs\/parent-[0-9a-f]{32}\.json$/, MIB],
  [new RegExp(`^checkpoints/${NUMBER}\\.checkpoint$`), MIB],
  [/^receipts\/index\.json$/, 16 * MIB],
  [
    new RegExp(
      `^receipts/${NUMBER}-${SLUG}\\.(?:tsr|ots|worm\\.json|ccf\\.json|ccf\\.cose|rekor\\.json|cosignature)$`,
    ),
    2 * MIB,
  ],
  [/^keys\/(?:jwks|keys)\.json$/, 8 * MIB],
  [/^trust\/trust\.json$/, 8 * MIB],
  [new RegExp(`^tokens/${SLUG}\\.jws$`), 64 * 1024],
  [new RegExp(`^payloads/${SLUG}\\.bin$`), 64 * MIB],
  [/^lineage\.json$/, 48 * MIB],
  [/^report\.pdf$/, 64 * MIB],
  [/^certification-draft\.md$/, MIB],
  [/^verify\.html$/, 32 * MIB],
];

/** Largest file in bytes that may stand at a path; null where nothing may stand. */
export function maxBytesAt(path: string): number | null {
  return PLACES.find(([form]) => form.test(path))?.[1] ?? null;
}

/** The name that a stream has in paths. */
export function streamSlug(stream: string): string {
  return formatHex(sha256(utf8(stream)).subarray(0, 8));
}

export function recordPath(stream: string, position: number): string {
  return `records/${streamSlug(stream)}/${position}.dsse.json`;
}

export function chainPath(stream: string): string {
  return `chain/${streamSlug(stream)}.json`;
}

/** Proof of a record under the checkpoint of `size`. */
export function proofPath(stream: string, position: number, size: number): string {
  return `proofs/${streamSlug(stream)}/${position}-${size}.tlog-proof`;
}

/** What is kept of a parent decision of another console's log. */
export function parentPath(evidence: Uint8Array): string {
  return `proofs/parent-${formatHex(sha256(evidence).subarray(0, 16))}.json`;
}

export function checkpointPath(size: number): string {
  return `checkpoints/${size}.checkpoint`;
}

const ENDINGS: Readonly<Record<Exclude<WitnessType, 'ccf'>, string>> = {
  rfc3161: 'tsr',
  opentimestamps: 'ots',
  worm: 'worm.json',
  rekor: 'rekor.json',
  c2sp: 'cosignature',
};

/** A receipt over the checkpoint of `size`; `name` is lower-case letters, digits and hyphens. A CCF receipt may be COSE. */
export function receiptPath(size: number, name: string, type: WitnessType, receipt: Uint8Array): string {
  const ending = type === 'ccf' ? (receipt[0] === 0x7b ? 'ccf.json' : 'ccf.cose') : ENDINGS[type];
  return `receipts/${size}-${name}.${ending}`;
}

/** A name of ours or a stranger's as part of a path: what is not a letter or digit becomes a hyphen; never empty. */
export function pathSlug(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const digest = formatHex(sha256(utf8(name)).subarray(0, 4));
  return /^[a-z0-9-]{1,64}$/.test(name) && plain === name
    ? plain
    : `${plain.slice(0, 48)}-${digest}`.replace(/^-/, '');
}

/**
 * Whether unpacking could write where it must not, or two systems could take the name for two files: only lower-case
 * letters, digits, `.`, `-` and single `/` between parts that do not begin with a dot.
 */
export function isSafePath(path: string): boolean {
  return (
    path.length <= 180 && /^[a-z0-9][a-z0-9.-]*(?:\/[a-z0-9][a-z0-9.-]*)*$/.test(path) && !path.includes('..')
  );
}
