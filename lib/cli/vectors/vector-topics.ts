/** Every topic of the published vectors with the table that holds us to it. The same in Node and in a browser. */
import { listEd25519Vectors } from '@/lib/core/testing/ed25519-vectors';
import { listBlake2bVectors, listSha3Vectors } from '@/lib/core/testing/hash-vectors';
import { listJcsVectors } from '@/lib/core/testing/jcs-vectors';
import { listP256Vectors } from '@/lib/core/testing/p256-vectors';
import { hasFile, type VectorCase, type VectorFiles } from '@/lib/core/testing/vector-case';
import { listCerVectors } from '@/lib/evidence/cer/testing/vector-cases';
import { listDsseVectors } from '@/lib/integrity/testing/dsse-vectors';
import { listMerkleVectors, readProbes } from '@/lib/integrity/testing/merkle-vectors';
import {
  listNoteVectors,
  listRekorCheckpointVectors,
  listSumdbVectors,
} from '@/lib/integrity/testing/note-vectors';
import { listTiledLogVectors } from '@/lib/integrity/testing/tiled-log-vectors';
import {
  listAddCheckpointCases,
  listCosignatureCases,
} from '@/lib/integrity/witness/c2sp/testing/vector-cases';
import { listLedgerVectors } from '@/lib/integrity/witness/ccf/testing/vector-cases';
import { listOpenTimestampsVectors } from '@/lib/integrity/witness/opentimestamps/testing/vector-cases';
import { listRekorVectors } from '@/lib/integrity/witness/rekor/testing/vector-cases';
import { listTimestampVectors } from '@/lib/integrity/witness/rfc3161/testing/vector-cases';
import { listWormVectors } from '@/lib/integrity/witness/worm/testing/vector-cases';
import { listTokenVectors } from '@/lib/tokens/testing/token-vectors';

export interface TopicCases {
  cases: readonly VectorCase[];
  /** What the collection's own index names and this copy of it lacks, or what is no format of ours, and why. */
  skipped?: readonly string[];
}

export interface VectorTopic {
  readonly name: string;
  /** Folder of the collection that must be there for it. */
  readonly folder: string;
  list(files: VectorFiles): TopicCases | Promise<TopicCases>;
}

const topic = (
  name: string,
  folder: string,
  list: (files: VectorFiles) => readonly VectorCase[],
): VectorTopic => ({ name, folder, list: (files) => ({ cases: list(files) }) });

export const VECTOR_TOPICS: readonly VectorTopic[] = [
  topic('Ed25519: Wycheproof, CCTV, RFC 8032, RFC 8037', 'ed25519', listEd25519Vectors),
  topic('ECDSA P-256: Wycheproof', 'ed25519/wycheproof', listP256Vectors),
  topic('JWS and JWK: Wycheproof, RFC 8037', 'ed25519', listTokenVectors),
  topic('JCS: RFC 8785', 'ed25519/jcs', listJcsVectors),
  topic('DSSE', 'ed25519/misc', listDsseVectors),
  topic('BLAKE2b', 'ed25519/blake2b', listBlake2bVectors),
  topic('SHA3-512', 'ed25519/sha3', listSha3Vectors),
  { name: 'Merkle proofs: RFC 6962, RFC 9162', folder: 'tlog/merkle', list: listMerkle },
  topic('Tiled log: tessera', 'tlog/tessera', listTiledLogVectors),
  topic('Signed notes: golang/mod, C2SP', 'tlog/note', listNoteVectors),
  topic('Checkpoint: Go checksum database', 'tlog/sumdb', listSumdbVectors),
  topic('Checkpoints: Rekor v2', 'tlog/sigstore-conformance', listRekorCheckpointVectors),
  { name: 'Cosignatures: C2SP witnesses', folder: 'tlog/cosignature', list: listCosignatures },
  { name: 'add-checkpoint: litewitness', folder: 'tlog/sigsum', list: listAddCheckpoints },
  topic('Rekor entries: Sigstore conformance', 'tlog/sigstore-conformance', listRekorVectors),
  { name: 'Time stamps: RFC 3161', folder: 'rfc3161', list: listTimestamps },
  topic('OpenTimestamps', 'ots', (files) => listOpenTimestampsVectors(files.readFile)),
  topic('Ledger receipts: CCF in JSON and COSE', 'ccf', listLedgerVectors),
  topic('Write-once stores: S3 Object Lock, CloudTrail', 's3worm', (files) =>
    listWormVectors(files.readFile),
  ),
  topic('Certified Execution Records: NexArt', 'cer', listCerVectors),
];

/** Subtree proofs are of the Merkle Tree Certificates draft, which no evidence of ours uses. */
function listMerkle(files: VectorFiles): TopicCases {
  const subtrees = ['subtreeinclusion.jsonl', 'subtreeconsistency.jsonl'].flatMap((name) =>
    readProbes(files, name),
  );
  return {
    cases: listMerkleVectors(files),
    skipped: subtrees.map(({ path }) => `${path}: a proof of the Merkle Tree Certificates draft`),
  };
}

async function listCosignatures(files: VectorFiles): Promise<TopicCases> {
  const cases = await listCosignatureCases(async (path) => files.readFile(path));
  return { cases: cases.map(({ id, expected, run }) => ({ name: id, expect: expected, run })) };
}

async function listAddCheckpoints(files: VectorFiles): Promise<TopicCases> {
  const cases = await listAddCheckpointCases(async (path) => files.readFile(path));
  return { cases: cases.map(({ id, expected, run }) => ({ name: id, expect: expected, run })) };
}

function listTimestamps(files: VectorFiles): TopicCases {
  const { cases, absent } = listTimestampVectors(
    (path) => files.readFile(`rfc3161/${path}`),
    (path) => hasFile(files, `rfc3161/${path}`),
  );
  return {
    cases,
    skipped: absent.map((name) => `${name}: its files are not in this copy of the collection`),
  };
}

/** Folders of the collection that no topic judges: a number of agreed vectors says nothing of them. */
export function listUnjudged(files: VectorFiles): string[] {
  const judged = new Set(VECTOR_TOPICS.map(({ folder }) => folder.split('/')[0]));
  return files.listFiles('').filter((name) => !judged.has(name) && files.listFiles(name).length > 0);
}
