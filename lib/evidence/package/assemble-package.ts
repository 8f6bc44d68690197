import { utf8 } from '@/lib/core/bytes';
import { formatBase64, formatHex, parseBase64 } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { invariant } from '@/lib/core/invariant';
import type { DecisionDetail, RecordView } from '@/lib/decisions/decision-detail';
import { readRecord } from '@/lib/decisions/read-record';
import { decisionBody } from '@/lib/decisions/record-payload';
import { formatEntry } from '@/lib/integrity/entry';
import { formatTlogProof } from '@/lib/integrity/tlog-proof';
import type { WitnessType } from '@/lib/integrity/witness/witness-report';
import { tellStory } from '../decision-story';
import type { InclusionEvidence, WitnessEvidence } from '../evidence-source';
import { describeDecision } from '../provenance/describe-decision';
import type { DecisionMaterial } from '../verification-material';
import { buildChain, type RecordReader } from './build-chain';
import { formatChainFile } from './chain-file';
import {
  MAX_PACKAGE_DECISIONS,
  PACKAGE_FORMAT,
  type PackagedDecision,
  type PackagedPayload,
  type PackageExport,
  type PackageManifest,
  type PayloadRole,
} from './manifest';
import type { PackagedReceipt } from './package-parts';
import {
  chainPath,
  checkpointPath,
  LINEAGE_PATH,
  MANIFEST_PATH,
  maxBytesAt,
  parentPath,
  pathSlug,
  proofPath,
  RECEIPTS_PATH,
  receiptPath,
  recordPath,
  VERIFIER_PATH,
} from './package-places';
import { ZipEntryData, ZipWriter } from './write-zip';

/** A package ends, and the next goes on, at the first of these; the files of one decision always stay together. */
const FULL_ENTRIES = 60_000;
const FULL_BYTES = 1_073_741_824;
/** Of manifest and lineage: well below what a reader takes, however much an agent wrote into its last decision. */
const FULL_PART_BYTES = 32 * 1_048_576;

/** One decision with everything that goes with it. */
export interface DecisionParts {
  detail: DecisionDetail;
  approvals: DecisionMaterial['approvals'];
  /** Of its records, under the log's newest checkpoint; a record that no checkpoint covers yet has none. */
  proofs: readonly { stream: string; position: number; inclusion: InclusionEvidence }[];
  witnesses: readonly WitnessEvidence[];
  payloads: readonly {
    role: PayloadRole;
    digest: string;
    mediaType: string;
    salt: Uint8Array;
    bytes: Uint8Array;
  }[];
  foreignParents: NonNullable<DecisionMaterial['foreignParents']>;
  /** Where a search would go on after it; null when nothing follows. */
  next: string | null;
}

export interface PackageFileBytes {
  path: string;
  bytes: Uint8Array;
}

/** What is known when every decision is in. */
export interface PackageContents {
  decisions: number;
  /** Included positions of each stream. */
  streams: ReadonlyMap<string, readonly number[]>;
  more: string | null;
}

export interface PackageInput {
  createdAt: string;
  console: PackageManifest['console'];
  export: PackageExport;
  /** The console's own records that belong to the package: of the export, and of the verifier page. */
  exportRecord: RecordView;
  verifier: { bytes: Uint8Array; digest: string; record: RecordView } | null;
  checkpoint: { size: number; note: Uint8Array } | null;
  decisions: AsyncIterable<DecisionParts>;
  /** Producer and head of a stream. */
  describeStream: (stream: string) => Promise<{ producer: string; head: number }>;
  readRecords: RecordReader;
  /** Keys, trust, report and certification: made when the rest is known. */
  close: (contents: PackageContents) => AsyncIterable<PackageFileBytes>;
  /** Told after each decision. */
  progress?: (decisions: number) => void;
}

/**
 * Writes an evidence package piece by piece: what is in memory at once is one decision, and a few hundred bytes for each
 * file already written. The manifest comes last.
 */
export async function* assemblePackage(input: PackageInput): AsyncGenerator<Uint8Array> {
  const zip = new ZipWriter();
  const files: string[] = [];
  const written = new Set<string>();
  const positions = new Map<string, Set<number>>();
  const receipts = new Receipts();
  const manifest = new ZipEntryData();
  const lineage = new ZipEntryData();

  const add = (path: string, bytes: Uint8Array): Uint8Array => {
    invariant(bytes.length <= (maxBytesAt(path) ?? -1), `assemblePackage: ${path}`);
    written.add(path);
    files.push(JSON.stringify({ path, size: bytes.length, digest: formatDigest('sha-256', sha256(bytes)) }));
    return zip.add(path, bytes);
  };
  function* addOnce(path: string, bytes: () => Uint8Array): Generator<Uint8Array> {
    if (!written.has(path)) yield add(path, bytes());
  }
  function* addRecord(view: RecordView): Generator<Uint8Array> {
    positions.set(view.stream, (positions.get(view.stream) ?? new Set()).add(view.position));
    yield* addOnce(recordPath(view.stream, view.position), () => bytesOf(view.envelope));
  }
  function* addInclusion(
    stream: string,
    position: number,
    inclusion: InclusionEvidence,
    link: Uint8Array | undefined,
  ): Generator<Uint8Array> {
    const { size, checkpoint } = inclusion;
    // The entry in `extra` lets a proof be checked by itself, outside the package.
    const extra = link && formatEntry({ stream, position, link });
    yield* addOnce(checkpointPath(size), () => checkpoint);
    yield* addOnce(proofPath(stream, position, size), () =>
      formatTlogProof({ ...inclusion, ...(extra ? { extra } : {}) }),
    );
  }

  if (input.checkpoint) {
    const { size, note } = input.checkpoint;
    yield* addOnce(checkpointPath(size), () => note);
  }
  manifest.push(utf8(`{"format":${JSON.stringify(PACKAGE_FORMAT)},"decisions":[`));
  lineage.push(utf8(`{"prefix":{"cs":${JSON.stringify(`${input.console.origin}/prov#`)}},"bundle":{`));
  let decisions = 0;
  let described = 0;
  let more: string | null = null;
  for await (const parts of input.decisions) {
    const { detail } = parts;
    const views = [...(detail.record ? [detail.record] : []), ...detail.related];
    for (const view of views) yield* addRecord(view);
    for (const { stream, position, inclusion } of parts.proofs) {
      const view = views.find((one) => one.stream === stream && one.position === position);
      yield* addInclusion(stream, position, inclusion, view && bytesOf(view.link));
    }
    if (detail.record) {
      const { stream, position } = detail.record;
      for (const evidence of parts.witnesses) {
        yield* addInclusion(stream, position, evidence.inclusion, bytesOf(detail.record.link));
        const known = receipts.place(evidence);
        if (known.isNew) yield add(known.path, evidence.receipt);
      }
    }
    const packaged = describePackaged(parts);
    for (const [index, { token }] of parts.approvals.entries()) {
      const path = packaged.approvals[index]?.token;
      if (path && token !== null) yield* addOnce(path, () => utf8(token));
    }
    for (const { evidence } of parts.foreignParents) {
      const bytes = bytesOf(evidence);
      yield* addOnce(parentPath(bytes), () => bytes);
    }
    for (const [index, { bytes }] of parts.payloads.entries())
      yield* addOnce((packaged.payloads[index] as PackagedPayload).path, () => bytes);
    manifest.push(utf8(`${decisions > 0 ? ',' : ''}${JSON.stringify(packaged)}`));
    const told = describeLineage(detail);
    if (told)
      lineage.push(
        utf8(`${described++ > 0 ? ',' : ''}${JSON.stringify(told.name)}:${JSON.stringify(told.bundle)}`),
      );
    decisions++;
    input.progress?.(decisions);
    const isFull =
      decisions >= MAX_PACKAGE_DECISIONS ||
      zip.entries >= FULL_ENTRIES ||
      zip.bytes >= FULL_BYTES ||
      Math.max(manifest.size, lineage.size) >= FULL_PART_BYTES;
    if (isFull) {
      more = parts.next;
      break;
    }
  }

  yield* addRecord(input.exportRecord);
  if (input.verifier) {
    yield* addRecord(input.verifier.record);
    yield add(VERIFIER_PATH, input.verifier.bytes);
  }
  for (const [stream, wanted] of positions) {
    const told = await input.describeStream(stream);
    const chain = await buildChain({ stream, ...told }, wanted, input.readRecords);
    yield add(chainPath(stream), utf8(formatChainFile(chain)));
  }
  yield add(RECEIPTS_PATH, utf8(JSON.stringify({ receipts: receipts.list })));
  lineage.push(utf8('}}'));
  files.push(JSON.stringify({ path: LINEAGE_PATH, size: lineage.size, digest: lineage.digest() }));
  yield zip.addData(LINEAGE_PATH, lineage);
  const contents: PackageContents = {
    decisions,
    streams: new Map([...positions].map(([stream, set]) => [stream, [...set]])),
    more,
  };
  for await (const { path, bytes } of input.close(contents)) yield add(path, bytes);

  const { createdAt, exportRecord, verifier } = input;
  const head = {
    createdAt,
    console: input.console,
    export: input.export,
    exportRecord: { stream: exportRecord.stream, position: exportRecord.position },
    verifier: verifier && {
      digest: verifier.digest,
      record: { stream: verifier.record.stream, position: verifier.record.position },
    },
    checkpoint: input.checkpoint?.size ?? null,
    more,
  } satisfies Omit<PackageManifest, 'format' | 'decisions' | 'files'>;
  manifest.push(utf8('],"files":['));
  for (const [index, line] of files.entries()) manifest.push(utf8(index > 0 ? `,${line}` : line));
  manifest.push(utf8(`],${JSON.stringify(head).slice(1)}`));
  yield zip.addData(MANIFEST_PATH, manifest);
  yield zip.finish();
}

/** Each receipt once, whichever decisions it is for. */
class Receipts {
  readonly list: PackagedReceipt[] = [];
  private readonly paths = new Map<string, string>();
  private readonly taken = new Set<string>();

  place(evidence: { witness: string; type: WitnessType; receipt: Uint8Array; inclusion: { size: number } }): {
    path: string;
    isNew: boolean;
  } {
    const { witness, type, receipt } = evidence;
    const { size } = evidence.inclusion;
    const key = `${size} ${type} ${witness} ${formatHex(sha256(receipt))}`;
    const known = this.paths.get(key);
    if (known) return { path: known, isNew: false };
    let path = receiptPath(size, pathSlug(witness), type, receipt);
    for (let n = 2; this.taken.has(path); n++)
      path = receiptPath(size, pathSlug(`${witness} ${n}`), type, receipt);
    this.taken.add(path);
    this.paths.set(key, path);
    this.list.push({ path, witness, type, size });
    return { path, isNew: true };
  }
}

function bytesOf(text: string): Uint8Array {
  const bytes = parseBase64(text);
  invariant(bytes.ok, 'assemblePackage: base64');
  return bytes.value;
}

function describePackaged(parts: DecisionParts): PackagedDecision {
  const { detail, approvals, payloads, foreignParents } = parts;
  const place = ({ stream, position }: { stream: string; position: number }) => ({ stream, position });
  return {
    row: detail.row,
    record: detail.record ? place(detail.record) : null,
    related: detail.related.map(place),
    approvals: approvals.map(({ id, audience, token }) => ({
      id,
      audience,
      token: token === null ? null : `tokens/${pathSlug(id)}.jws`,
    })),
    payloads: payloads.map(({ role, digest, mediaType, salt }) => ({
      role,
      digest,
      mediaType,
      salt: formatBase64(salt),
      path: `payloads/${digest.slice(-32)}.bin`,
    })),
    parents: detail.parents,
    foreignParents: foreignParents.map(({ id, peer, vkey, evidence }) => ({
      id,
      peer,
      vkey,
      path: parentPath(bytesOf(evidence)),
    })),
    people: detail.people,
    reviewsWithheld: detail.reviewsWithheld,
    sameId: detail.sameId,
  };
}

/** Null for a record that cannot be read: nothing is told of it that it does not say. */
function describeLineage(detail: DecisionDetail): ReturnType<typeof describeDecision> | null {
  const read = detail.record ? readRecord(detail.record) : null;
  const body = read?.ok ? decisionBody.safeParse(read.value.payload.body) : null;
  if (!body?.success) return null;
  const { row, related, parents } = detail;
  return describeDecision({ row, body: body.data, story: tellStory(related), parents });
}
