/**
 * Published proofs of RFC 6962 / RFC 9162 trees: transparency-dev/merkle's probes, the reference tree of Certificate
 * Transparency, and the inclusion proofs inside Sigstore's bundles. Tests only.
 */
import { formatHex, parseBase64 } from '@/lib/core/encoding';
import {
  bytesOfHex,
  hasFile,
  readJson,
  readText,
  type VectorCase,
  type VectorFiles,
} from '@/lib/core/testing/vector-case';
import { foldRight, leafHash, nodeHash, treeRoot, verifyConsistency, verifyInclusion } from '../merkle';

type Probe = Readonly<Record<string, unknown>> & {
  wantErr: boolean;
  path: string;
  proof: string[] | null;
};

const TREE = 'tlog/merkle/rfc6962-reference-tree.json';
const BUNDLES = 'tlog/sigstore-conformance';
const VERDICTS = `${BUNDLES}/tlog-results.json`;

export function listMerkleVectors(files: VectorFiles): VectorCase[] {
  return [
    ...readProbes(files, 'inclusion.jsonl').map((probe) => ({
      name: `inclusion ${probe.path}`,
      expect: probe.wantErr ? 'refused' : 'proved',
      run: () =>
        word(
          verifyInclusion({
            index: integer(probe.leafIdx),
            size: integer(probe.treeSize),
            leaf: hash(probe.leafHash),
            proof: (probe.proof ?? []).map(hash),
            root: hash(probe.root),
          }),
        ),
    })),
    ...readProbes(files, 'consistency.jsonl').map((probe) => ({
      name: `consistency ${probe.path}`,
      expect: probe.wantErr ? 'refused' : 'proved',
      run: () =>
        word(
          verifyConsistency({
            size1: integer(probe.size1),
            size2: integer(probe.size2),
            root1: hash(probe.root1),
            root2: hash(probe.root2),
            proof: (probe.proof ?? []).map(hash),
          }),
        ),
    })),
    ...listReferenceTree(files),
    ...listBundleProofs(files),
  ];
}

/** One probe per line. Integers that a double cannot hold are read as text, lest they be rounded. */
export function readProbes(files: VectorFiles, name: string): Probe[] {
  if (!hasFile(files, `tlog/merkle/${name}`)) return [];
  const lines = readText(files, `tlog/merkle/${name}`).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line.replace(/:([0-9]{16,})(?=[,}])/g, ':"$1"')) as Probe);
}

function listReferenceTree(files: VectorFiles): VectorCase[] {
  if (!hasFile(files, TREE)) return [];
  const tree = readJson<{ leafInputsHex: string[]; rootBySize: string[]; leafHashes: string[] }>(files, TREE);
  const leaves = tree.leafInputsHex.map((text) => leafHash(bytesOfHex(text)));
  const node = (level: number, index: number): Uint8Array =>
    level === 0
      ? (leaves[index] as Uint8Array)
      : nodeHash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
  return [
    ...tree.leafHashes.map((expect, n) => ({
      name: `reference tree, leaf ${n}`,
      expect,
      run: () => formatHex(leaves[n] as Uint8Array),
    })),
    ...tree.rootBySize.map((expect, size) => ({
      name: `reference tree, root of ${size}`,
      expect,
      run: () => formatHex(size === 0 ? foldRight([]) : treeRoot(size, node)),
    })),
  ];
}

interface Bundle {
  verificationMaterial: {
    tlogEntries?: {
      canonicalizedBody: string;
      inclusionProof?: { logIndex: string; treeSize: string; rootHash: string; hashes?: string[] };
    }[];
  };
}

function listBundleProofs(files: VectorFiles): VectorCase[] {
  if (!hasFile(files, VERDICTS)) return [];
  const verdicts = readJson<Record<string, { tlog?: { inclusion?: boolean | string }[] }>>(files, VERDICTS);
  return Object.entries(verdicts).flatMap(([name, { tlog = [] }]) => {
    const path = `${BUNDLES}/${name}/bundle.sigstore.json`;
    if (!hasFile(files, path)) return [];
    const { tlogEntries = [] } = readJson<Bundle>(files, path).verificationMaterial;
    return tlogEntries.map(({ inclusionProof: proof, canonicalizedBody }, n) => ({
      name: `Sigstore bundle ${name}, entry ${n}`,
      expect: tlog[n]?.inclusion === true ? 'proved' : 'refused',
      run: () =>
        word(
          verifyInclusion({
            index: Number(proof?.logIndex),
            size: Number(proof?.treeSize),
            leaf: leafHash(hash(canonicalizedBody)),
            proof: (proof?.hashes ?? []).map(hash),
            root: hash(proof?.rootHash),
          }),
        ),
    }));
  });
}

const word = ({ ok }: { ok: boolean }): string => (ok ? 'proved' : 'refused');

/** Beyond 2^53 there is no number for it, and no log of ours: such an index is refused as it stands. */
function integer(value: unknown): number {
  if (typeof value !== 'string') return value as number;
  return BigInt(value) <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : Number.NaN;
}

/** What is no base64 is no hash. */
function hash(text: unknown): Uint8Array {
  const bytes = parseBase64(typeof text === 'string' ? text : '');
  return bytes.ok ? bytes.value : new Uint8Array(0);
}
