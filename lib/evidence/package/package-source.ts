import { decodeUtf8 } from '@/lib/core/bytes';
import { formatBase64, parseBase64 } from '@/lib/core/encoding';
import type { DecisionDetail, RecordView } from '@/lib/decisions/decision-detail';
import { readRecord } from '@/lib/decisions/read-record';
import { parseCheckpoint } from '@/lib/integrity/checkpoint';
import { parseNote } from '@/lib/integrity/note';
import { parseTlogProof } from '@/lib/integrity/tlog-proof';
import type { EvidenceSource, InclusionEvidence } from '../evidence-source';
import type { TrustRoot } from '../trust/trust-root';
import type { DecisionMaterial } from '../verification-material';
import { findStep } from './chain-file';
import { listRuns } from './list-runs';
import type { PackagedDecision } from './manifest';
import type { EvidencePackage } from './open-package';
import { checkpointPath, proofPath, recordPath, streamSlug } from './package-places';

interface Place {
  stream: string;
  position: number;
}

/** The package as a source of evidence: what `verifyDecision` asks a console for is answered from files. */
export function createPackageSource(pkg: EvidencePackage): EvidenceSource {
  const proofs = listProofs(pkg);
  const payloads = new Map(
    pkg.manifest.decisions.flatMap((decision) => decision.payloads).map(({ digest, path }) => [digest, path]),
  );
  return {
    records: () => {
      throw new Error('the package holds no whole stream');
    },
    runs: async (stream, positions) => {
      const chain = await pkg.chain(stream);
      if (!chain.ok) throw new Error(`the chain of the stream in the package: ${chain.code}`);
      return listRuns(chain.value, positions, async (position) => {
        const bytes = await pkg.read(recordPath(stream, position));
        return bytes.ok ? bytes.value : null;
      });
    },
    tile: async () => {
      throw new Error('the package holds no tiles of the log');
    },
    payload: async (digest) => {
      const path = payloads.get(digest);
      const bytes = path === undefined ? null : await pkg.read(path);
      return bytes?.ok ? bytes.value : null;
    },
    inclusion: async (stream, position) => {
      const size = proofs.get(proofKey(streamSlug(stream), position))?.at(-1);
      return size === undefined ? null : readProof(pkg, { stream, position }, size);
    },
    witnesses: async (stream, position) => {
      const sizes = proofs.get(proofKey(streamSlug(stream), position)) ?? [];
      const receipts = pkg.receipts
        .filter(({ size }) => sizes.includes(size))
        .sort((a, b) => a.size - b.size);
      return Promise.all(
        receipts.map(async ({ path, witness, type, size }) => ({
          witness,
          type,
          receipt: await requireFile(pkg, path),
          inclusion: {
            ...(await readProof(pkg, { stream, position }, size)),
            checkpoint: await requireFile(pkg, checkpointPath(size)),
          },
        })),
      );
    },
  };
}

const proofKey = (slug: string, position: number) => `${slug}/${position}`;

/** Sizes of the checkpoints under which each record is proven, smallest first. */
function listProofs(pkg: EvidencePackage): Map<string, number[]> {
  const sizes = new Map<string, number[]>();
  for (const path of pkg.files.keys()) {
    const match = /^proofs\/([0-9a-f]{16})\/(\d+)-(\d+)\.tlog-proof$/.exec(path);
    if (!match) continue;
    const key = proofKey(match[1] as string, Number(match[2]));
    sizes.set(key, [...(sizes.get(key) ?? []), Number(match[3])]);
  }
  for (const list of sizes.values()) list.sort((a, b) => a - b);
  return sizes;
}

async function requireFile(pkg: EvidencePackage, path: string): Promise<Uint8Array> {
  const bytes = await pkg.read(path);
  if (!bytes.ok) throw new Error(`${path} of the package: ${bytes.code}`);
  return bytes.value;
}

async function readProof(pkg: EvidencePackage, place: Place, size: number): Promise<InclusionEvidence> {
  const path = proofPath(place.stream, place.position, size);
  const proof = parseTlogProof(await requireFile(pkg, path));
  if (!proof.ok) throw new Error(`${path} of the package: ${proof.code}`);
  const { index, hashes, checkpoint } = proof.value;
  return { index, hashes, checkpoint, size: claimedSize(checkpoint) };
}

/** What the checkpoint says of itself; the checks take the size from the verified one. */
function claimedSize(checkpoint: Uint8Array): number {
  const note = parseNote(checkpoint);
  const parsed = note.ok ? parseCheckpoint(note.value.text) : note;
  return parsed.ok ? parsed.value.size : 0;
}

async function readView(pkg: EvidencePackage, place: Place): Promise<RecordView | null> {
  const bytes = await pkg.read(recordPath(place.stream, place.position));
  if (!bytes.ok) return null;
  const chain = await pkg.chain(place.stream);
  const found = chain.ok ? findStep(chain.value, place.position) : null;
  const included = found?.segment.steps[found.at]?.included;
  const envelope = formatBase64(bytes.value);
  const read = readRecord({ envelope });
  return {
    ...place,
    id: read.ok ? read.value.payload.id : '',
    kind: read.ok ? read.value.payload.kind : '',
    occurredAt: read.ok ? read.value.payload.occurred_at : '',
    acceptedAt: included?.acceptedAt ?? '',
    envelope,
    link: included ? formatBase64(included.link) : '',
  };
}

/** What the console's page shows of this decision, from the package: bytes, not conclusions. */
export async function readPackagedDetail(
  pkg: EvidencePackage,
  decision: PackagedDecision,
): Promise<DecisionDetail> {
  const related = await Promise.all(decision.related.map((place) => readView(pkg, place)));
  return {
    row: decision.row,
    record: decision.record ? await readView(pkg, decision.record) : null,
    related: related.filter((view) => view !== null),
    versions: [],
    inForce: [],
    payloads: [],
    parents: decision.parents,
    people: decision.people,
    reviewsWithheld: decision.reviewsWithheld,
    sameId: decision.sameId,
  };
}

/** Keys, log and tokens as the exporting console gave them; the roots are those of whoever verifies, never the package's. */
export async function readPackagedMaterial(
  pkg: EvidencePackage,
  decision: PackagedDecision,
  trust: readonly TrustRoot[],
): Promise<DecisionMaterial> {
  const approvals = await Promise.all(
    decision.approvals.map(async ({ id, audience, token }) => ({
      id,
      audience,
      token: token === null ? null : await readText(pkg, token),
    })),
  );
  const foreignParents = await Promise.all(
    decision.foreignParents.map(async ({ id, peer, vkey, path }) => {
      const evidence = await pkg.read(path);
      return { id, peer, vkey, evidence: evidence.ok ? formatBase64(evidence.value) : '' };
    }),
  );
  const { log, streams, approvalKeys } = pkg.keys;
  return { streams, log, approvals, approvalKeys, foreignParents, trust: [...trust] };
}

/** A token that cannot be read is handed on as the empty one: its check says that it is none. */
async function readText(pkg: EvidencePackage, path: string): Promise<string> {
  const bytes = await pkg.read(path);
  const text = bytes.ok ? decodeUtf8(bytes.value) : bytes;
  return text.ok ? text.value : '';
}

/** Bytes of a base64 field whose form the package's schema has checked. */
export function saltOf(text: string): Uint8Array {
  const bytes = parseBase64(text);
  return bytes.ok ? bytes.value : new Uint8Array(0);
}
