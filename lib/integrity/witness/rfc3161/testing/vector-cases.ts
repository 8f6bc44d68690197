/**
 * The published RFC 3161 vectors as a table that runs anywhere: in Node from the disk, in a browser from wherever its
 * `readFile` fetches. Paths are relative to the folder `rfc3161` of the collection. Tests only.
 */
import { decodeUtf8 } from '@/lib/core/bytes';
import { parseBase64, parseHex } from '@/lib/core/encoding';
import type { CheckVerdict } from '@/lib/integrity/check';
import { parseTimestampRequest } from '@/lib/integrity/witness/rfc3161/timestamp-request';
import { verifyTimestamp } from '@/lib/integrity/witness/rfc3161/verify-timestamp';
import type { Stamped, WitnessReport } from '@/lib/integrity/witness/witness-report';

export interface VectorCase {
  readonly name: string;
  readonly expect: CheckVerdict;
  /** The file of the receipt. */
  readonly file: string;
  run(): Promise<CheckVerdict>;
  report(change?: (receipt: Uint8Array) => Uint8Array): Promise<WitnessReport>;
}

interface Entry {
  id: string;
  file: string;
  data: string | null;
  digest: string | null;
  query: string | null;
  trustAnchors: string;
  untrusted: string | null;
  expect: string;
}

/** Where implementations may differ, what this one decides and why. Matched by the beginning of `expect`. */
export const DECISIONS: readonly (readonly [expect: string, verdict: CheckVerdict, why: string])[] = [
  [
    'valid',
    'valid',
    'also -if-anchor, -with-external-cert, -at-genTime, and -token: the token itself is good',
  ],
  [
    'signature-valid',
    'valid',
    'the signer is named by issuer and serial number; the spoofed name is never reported',
  ],
  ['indeterminate', 'not-checked', 'without the certificate of the signer nothing is shown either way'],
  ['invalid', 'invalid', ''],
  ['policy: RFC 3161 requires DER', 'invalid', 'one value has one spelling'],
  ['policy: strict parser rejects trailing bytes', 'invalid', 'nothing may ride along with a receipt'],
  ['policy: signature valid, but SHA-1 imprint', 'invalid', 'collisions of SHA-1 can be made'],
  ['policy', 'invalid', 'RFC 3161 §2.4.2: exactly one signer'],
];

export function decideExpectation(expect: string): CheckVerdict {
  const rows = DECISIONS.filter(([start]) => expect.startsWith(start));
  const longest = rows.sort(([a], [b]) => b.length - a.length)[0];
  if (!longest) throw new Error(`no decision for "${expect}"`);
  return longest[1];
}

/** Every entry of the index. `readFile` throws for a file that is absent; `hasFile` tells before. */
export function listTimestampVectors(
  readFile: (path: string) => Uint8Array,
  hasFile: (path: string) => boolean,
): { cases: VectorCase[]; absent: string[] } {
  const entries = JSON.parse(text(readFile('vectors.json'))) as Entry[];
  const paths = ({ file, data, query, trustAnchors, untrusted }: Entry): string[] =>
    [file, data, query, trustAnchors, untrusted].filter((path) => path !== null);
  const isPresent = (entry: Entry): boolean => paths(entry).every(hasFile);
  return {
    cases: entries.filter(isPresent).map((entry) => vectorCase(entry, readFile)),
    absent: entries.filter((entry) => !isPresent(entry)).map(({ id }) => id),
  };
}

function vectorCase(entry: Entry, readFile: (path: string) => Uint8Array): VectorCase {
  const report: VectorCase['report'] = (change = (receipt) => receipt) => {
    const { stamped, nonce } = readStamped(entry, readFile);
    const trust = {
      anchors: readPem(readFile(entry.trustAnchors)),
      intermediates: entry.untrusted === null ? [] : readPem(readFile(entry.untrusted)),
    };
    return verifyTimestamp(change(readFile(entry.file)), stamped, trust, nonce ? { nonce } : {});
  };
  return {
    name: entry.id,
    expect: decideExpectation(entry.expect),
    file: entry.file,
    run: async () => (await report()).verdict,
    report,
  };
}

function readStamped(
  { data, digest, query }: Entry,
  readFile: (path: string) => Uint8Array,
): { stamped: Stamped; nonce?: Uint8Array } {
  if (data !== null) return { stamped: { kind: 'bytes', bytes: readFile(data) } };
  if (digest !== null) {
    const bytes = parseHex(digest);
    if (!bytes.ok) throw new Error('digest in hex expected');
    const algorithm =
      bytes.value.length === 32 ? 'sha-256' : bytes.value.length === 48 ? 'sha-384' : 'sha-512';
    return { stamped: { kind: 'digest', algorithm, digest: bytes.value } };
  }
  return readQuery(readFile(query as string));
}

function readQuery(bytes: Uint8Array): { stamped: Stamped; nonce?: Uint8Array } {
  const request = parseTimestampRequest(bytes);
  if (!request.ok) throw new Error(`request expected: ${request.code}`);
  const { hash, digest, nonce } = request.value;
  const stamped: Stamped = { kind: 'digest', algorithm: hash, digest };
  return nonce ? { stamped, nonce } : { stamped };
}

function readPem(bytes: Uint8Array): Uint8Array[] {
  return [...text(bytes).matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)].map(
    (match) => {
      const der = parseBase64((match[1] as string).replace(/\s/g, ''));
      if (!der.ok) throw new Error('certificate in base64 expected');
      return der.value;
    },
  );
}

function text(bytes: Uint8Array): string {
  const decoded = decodeUtf8(bytes);
  if (!decoded.ok) throw new Error('UTF-8 expected');
  return decoded.value;
}
