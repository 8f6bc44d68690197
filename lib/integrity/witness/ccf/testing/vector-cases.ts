/**
 * The published receipts of CCF ledgers as a table that runs anywhere: in Node from the disk, in a browser from wherever
 * its `readFile` fetches. Paths start at the root of the collection (`ccf/…`); what is absent makes no case. Tests only.
 */
import { concatBytes, decodeUtf8, utf8 } from '@/lib/core/bytes';
import { formatEcdsaPublicKey } from '@/lib/core/ecdsa';
import { parseBase64, parseBase64url } from '@/lib/core/encoding';
import type { CheckVerdict } from '@/lib/integrity/check';
import type { LedgerTrust } from '@/lib/integrity/witness/ccf/check-ledger-chain';
import { verifyLedgerReceipt } from '@/lib/integrity/witness/ccf/verify-ledger-receipt';
import type { WitnessReport } from '@/lib/integrity/witness/witness-report';
import { parsePemBlock } from '@/lib/integrity/witness/x509/pem-block';

export interface VectorCase {
  readonly name: string;
  readonly expect: CheckVerdict;
  /** The receipt as published, and what it is verified under. */
  readonly receipt: Uint8Array;
  readonly trust: LedgerTrust;
  run(): Promise<CheckVerdict>;
  report(receipt?: Uint8Array): Promise<WitnessReport>;
}

export interface VectorFiles {
  readFile(path: string): Uint8Array;
  /** Names of the files of a folder; empty when it is absent. */
  listFiles(folder: string): readonly string[];
}

interface ReceiptFile {
  expect: CheckVerdict;
  receipt: unknown;
  serviceCertificate: string;
  applicationClaims?: unknown;
}

/** Whole statements: two kinds of trust files, and what the collection says of each. */
const STATEMENTS: readonly (readonly [file: string, trust: string, expect: CheckVerdict])[] = [
  ['uvm_0.2.10.cose', 'esrp-cts-db.json', 'valid'],
  ['1ts-statement.scitt', 'esrp-cts-cp.jwks.json', 'valid'],
  // The second receipt is of a kind that is not supported: named, and not passed over as if it had been verified.
  ['2ts-statement.scitt', 'esrp-cts-cp.jwks.json', 'not-checked'],
];

/** Statements without a certificate in their header: the key comes from an attestation, which is not evaluated. */
const WITHOUT_CERTIFICATE = /^css-attested-cosesign1-(?!20250925)/;

export function listLedgerVectors(files: VectorFiles): VectorCase[] {
  return [...listReceipts(files), ...listStatements(files), ...listSignedStatements(files)];
}

function listReceipts({ readFile, listFiles }: VectorFiles): VectorCase[] {
  return listFiles('ccf/acl-receipts').map((name) => {
    const file = readJson<ReceiptFile>(readFile(`ccf/acl-receipts/${name}`));
    const { receipt, applicationClaims } = file;
    const service = parsePemBlock(file.serviceCertificate);
    if (!service.ok) throw new Error(`${name}: no service certificate`);
    const bytes = utf8(JSON.stringify(applicationClaims ? { receipt, applicationClaims } : receipt));
    return vectorCase(`acl-receipts/${name}`, file.expect, bytes, { services: [service.value.der] });
  });
}

function listStatements({ readFile, listFiles }: VectorFiles): VectorCase[] {
  const present = listFiles('ccf/scitt');
  const whole = STATEMENTS.filter(([name]) => present.includes(name)).map(([name, trust, expect]) =>
    vectorCase(`scitt/${name}`, expect, readFile(`ccf/scitt/${name}`), readTrust(readFile, trust)),
  );
  const derived = listFiles('ccf/scitt/derived').map((name) =>
    vectorCase(
      `scitt/derived/${name}`,
      'invalid',
      readFile(`ccf/scitt/derived/${name}`),
      readTrust(readFile, 'esrp-cts-db.json'),
    ),
  );
  return [...whole, ...derived];
}

/** Of these only the issuer's own signature is published as good, or as not to be checked. */
function listSignedStatements({ readFile, listFiles }: VectorFiles): VectorCase[] {
  return listFiles('ccf/scitt/signed-statements').map((name) => {
    const expect = WITHOUT_CERTIFICATE.test(name) ? 'not-checked' : 'valid';
    const bytes = readFile(`ccf/scitt/signed-statements/${name}`);
    const whole = vectorCase(`scitt/signed-statements/${name}: issuer`, expect, bytes, { services: [] });
    return {
      ...whole,
      run: async () => {
        const { checks } = await whole.report();
        return checks.find(({ id }) => id === 'ccf.issuer')?.verdict ?? 'invalid';
      },
    };
  });
}

function vectorCase(name: string, expect: CheckVerdict, receipt: Uint8Array, trust: LedgerTrust): VectorCase {
  const report: VectorCase['report'] = (bytes = receipt) => verifyLedgerReceipt(bytes, null, trust);
  return { name, expect, receipt, trust, report, run: async () => (await report()).verdict };
}

function readTrust(readFile: VectorFiles['readFile'], name: string): LedgerTrust {
  const file = readJson<{
    parameters?: { serviceCertificate: string }[];
    keys?: { crv: string; x: string; y: string }[];
  }>(readFile(`ccf/scitt/${name}`));
  return {
    services: (file.parameters ?? []).map(({ serviceCertificate }) => must(parseBase64(serviceCertificate))),
    keys: (file.keys ?? []).map(({ crv, x, y }) =>
      formatEcdsaPublicKey({
        curve: crv === 'P-384' ? 'p-384' : 'p-256',
        point: concatBytes(Uint8Array.of(4), must(parseBase64url(x)), must(parseBase64url(y))),
      }),
    ),
  };
}

function must<T>(result: { ok: true; value: T } | { ok: false; code: string }): T {
  if (!result.ok) throw new Error(result.code);
  return result.value;
}

function readJson<T>(bytes: Uint8Array): T {
  return JSON.parse(must(decodeUtf8(bytes))) as T;
}
