/** Receipts that others made, dropped as a person would drop them: the file, its receipt, and the owner's own key file. */
import { expect, test } from 'vitest';
import { describeVectors, hasVector, readVectorBytes } from '@/lib/core/testing/published-vectors';
import { parseTrustFile } from '../trust/parse-trust-file';
import type { TrustRoot } from '../trust/trust-root';
import type { ArtefactFile } from './artefact-file';
import { verifyArtefacts } from './verify-artefacts';

const fileOf = (path: string): ArtefactFile => {
  const bytes = readVectorBytes(path);
  return {
    name: path.split('/').at(-1) ?? '',
    size: bytes.length,
    read: async (from, to) => bytes.subarray(from, to),
  };
};

function pin(path: string): TrustRoot[] {
  const read = parseTrustFile(path, readVectorBytes(path));
  if (!read.ok) throw new Error(`${path}: ${read.code} ${read.detail ?? ''}`);
  return read.value;
}

const verify = (files: readonly string[], roots: readonly TrustRoot[]) =>
  verifyArtefacts(files.map(fileOf), {
    roots,
    nowMs: Date.UTC(2026, 10, 20),
    clock: () => 0,
    remembered: async () => null,
  });

/** Files dropped, roots pinned, and the verdict of the receipt with a line that must be there. */
function row(
  name: string,
  files: string[],
  trust: string[],
  expected: [verdict: string, id: string, line: string],
) {
  test.skipIf(![...files, ...trust].every(hasVector))(name, async () => {
    const reports = await verify(files, trust.flatMap(pin));
    const [verdict, id, line] = expected;
    expect(reports).toHaveLength(1);
    const [report] = reports;
    expect(report?.checks.find((check) => check.id === id)?.verdict).toBe(line);
    expect(report?.verdict).toBe(verdict);
  });
}

describeVectors('rfc3161', 'time stamps', () => {
  const [data, receipt] = ['rfc3161/freetsa/test-app.tar.gz', 'rfc3161/freetsa/test-app.tar.gz.tsr'];
  const root = 'rfc3161/roots/freetsa-cacert.pem';
  row('with file and root', [data, receipt], [root], ['valid', 'rfc3161.chain', 'valid']);
  row('without the file', [receipt], [root], ['not-checked', 'receipt.stamped', 'not-checked']);
  row('without the root', [data, receipt], [], ['not-checked', 'rfc3161.chain', 'not-checked']);
  row(
    'with another authority’s root',
    [data, receipt],
    ['rfc3161/roots/DigiCert_Trusted_Root_G4.pem'],
    ['invalid', 'rfc3161.chain', 'invalid'],
  );
});

describeVectors('ots', 'OpenTimestamps', () => {
  const [data, receipt] = ['ots/client/hello-world.txt', 'ots/client/hello-world.txt.ots'];
  row(
    'the block is named, not pinned',
    [data, receipt],
    [],
    ['not-checked', 'opentimestamps.header', 'not-checked'],
  );
  row(
    'over another file',
    ['ots/client/merkle1.txt', receipt],
    [],
    ['invalid', 'opentimestamps.digest', 'invalid'],
  );
});

describeVectors('ccf', 'ledger statements', () => {
  const list = 'ccf/scitt/esrp-cts-db.json';
  row(
    'a transparent statement under its ledger',
    ['ccf/scitt/uvm_0.2.10.cose'],
    [list],
    ['valid', 'ccf.registration', 'valid'],
  );
  row(
    'without the ledger',
    ['ccf/scitt/uvm_0.2.10.cose'],
    [],
    ['not-checked', 'ccf.registration', 'not-checked'],
  );
});

describeVectors('tlog', 'Sigstore bundles', () => {
  const at = (name: string) => `tlog/sigstore-conformance/${name}`;
  const bundle = (name: string) => [at('a.txt'), at(`${name}/bundle.sigstore.json`)];
  const root = at('rekor2-happy-path/trusted_root.json');
  row(
    'in the log; whose certificate it is stays open',
    bundle('rekor2-happy-path'),
    [root],
    ['not-checked', 'rekor.inclusion', 'valid'],
  );
  row(
    'over another root',
    bundle('checkpoint-wrong-roothash_fail'),
    ['tlog/sigstore-trust/trusted_root.public-good.json'],
    ['invalid', 'rekor.checkpoint', 'invalid'],
  );
});
