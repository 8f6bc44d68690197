/**
 * Sigstore's published conformance bundles as a table that runs anywhere: in Node from the disk, in a browser from wherever
 * its `readFile` fetches. Paths start at the root of the collection (`tlog/…`); what is absent makes no case.
 *
 * Each bundle is verified under its own trusted root (or the public good one) with the key of its certificate pinned as
 * anchoring key, because whose a certificate is, is not evaluated here. Tests only.
 */
import { decodeUtf8 } from '@/lib/core/bytes';
import { parseBase64 } from '@/lib/core/encoding';
import { parseSigstoreTrust } from '@/lib/evidence/trust/parse-sigstore-trust';
import { rekorTrustOf } from '@/lib/evidence/trust/rekor-trust';
import type { CheckVerdict } from '@/lib/integrity/check';
import type { RekorTrust } from '@/lib/integrity/witness/rekor/verify-rekor-entry';
import { verifyRekorEntry } from '@/lib/integrity/witness/rekor/verify-rekor-entry';
import type { Stamped, WitnessReport } from '@/lib/integrity/witness/witness-report';
import { parseCertificate } from '@/lib/integrity/witness/x509/certificate';
import { parsePemBlock } from '@/lib/integrity/witness/x509/pem-block';

export interface VectorCase {
  readonly name: string;
  readonly expect: CheckVerdict;
  readonly receipt: Uint8Array;
  readonly stamped: Stamped;
  readonly trust: RekorTrust;
  run(): Promise<CheckVerdict>;
  report(receipt?: Uint8Array): Promise<WitnessReport>;
}

export interface VectorFiles {
  readFile(path: string): Uint8Array;
  /** Names of the files and folders of a folder; empty when it is none. */
  listFiles(folder: string): readonly string[];
}

/** Failing bundles whose fault is none of the log's, and those of which nothing can be said for want of a time or a log. */
const EXCEPTIONS: Readonly<Record<string, CheckVerdict>> = {
  // The fault is in the certificate's transparency (SCT), which is not evaluated.
  'invalid-ct-key_fail': 'valid',
  // Without a time nothing can be said of the life of the certificate.
  'rekor2-no-timestamp_fail': 'not-checked',
  // The trusted root is refused, so no log is pinned.
  'trust-root-tlog-missing-validity-start_fail': 'not-checked',
};

const FOLDER = 'tlog/sigstore-conformance';

export function listRekorVectors(files: VectorFiles): VectorCase[] {
  return files
    .listFiles(FOLDER)
    .filter((name) => files.listFiles(`${FOLDER}/${name}`).includes('bundle.sigstore.json'))
    .map((name) => bundleCase(name, files));
}

function bundleCase(name: string, { readFile, listFiles }: VectorFiles): VectorCase {
  const folder = `${FOLDER}/${name}`;
  const present = listFiles(folder);
  const receipt = readFile(`${folder}/bundle.sigstore.json`);
  const root = present.includes('trusted_root.json')
    ? `${folder}/trusted_root.json`
    : 'tlog/sigstore-trust/trusted_root.public-good.json';
  const artifact = present.includes('artifact') ? `${folder}/artifact` : `${FOLDER}/a.txt`;
  const key = present.includes('key.pub') ? readKey(readFile(`${folder}/key.pub`)) : leafKey(receipt);
  const trust = { ...readTrust(readFile(root)), anchorKeys: key ? [key] : [] };
  const stamped: Stamped = { kind: 'bytes', bytes: readFile(artifact) };
  const report: VectorCase['report'] = (bytes = receipt) => verifyRekorEntry(bytes, stamped, trust);
  const expect = EXCEPTIONS[name] ?? (name.endsWith('_fail') ? 'invalid' : 'valid');
  return { name, expect, receipt, stamped, trust, report, run: async () => (await report()).verdict };
}

/** A trusted root that is refused pins nothing. */
function readTrust(file: Uint8Array): RekorTrust {
  const roots = parseSigstoreTrust(JSON.parse(text(file)));
  return rekorTrustOf(roots.ok ? roots.value : []);
}

/** One of the published keys is broken on purpose: it stays as it came, and is nobody's. */
function readKey(pem: Uint8Array): Uint8Array {
  const block = parsePemBlock(text(pem));
  return block.ok ? block.value.der : pem;
}

/** The key of the certificate that the bundle carries. */
function leafKey(bundle: Uint8Array): Uint8Array | null {
  const { certificate, x509CertificateChain } = JSON.parse(text(bundle)).verificationMaterial;
  const raw = parseBase64((certificate ?? x509CertificateChain?.certificates[0])?.rawBytes ?? '');
  const parsed = raw.ok ? parseCertificate(raw.value) : raw;
  return parsed.ok ? parsed.value.publicKey : null;
}

function text(bytes: Uint8Array): string {
  const decoded = decodeUtf8(bytes);
  if (!decoded.ok) throw new Error('UTF-8 expected');
  return decoded.value;
}
