/** An evidence package of the built case, made by the very writer that the console uses, and ways to lie with it. */
import { concatBytes, decodeUtf8, utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { formatDigest, sha256 } from '@/lib/core/hash';
import type { RecordView } from '@/lib/decisions/decision-detail';
import { nextLink, recordDigest } from '@/lib/integrity/chain';
import { signEnvelope } from '@/lib/integrity/dsse';
import { formatJwks } from '@/lib/tokens/jwks';
import { assemblePackage, type DecisionParts } from '../package/assemble-package';
import { EXPORT_EVENT, VERIFIER_EVENT } from '../package/check-export';
import { type PackageExport, type PackageManifest, requestDigest } from '../package/manifest';
import { listOfferedRoots } from '../package/offered-roots';
import { CERTIFICATION_PATH, JWKS_PATH, KEYS_PATH, REPORT_PATH, TRUST_PATH } from '../package/package-places';
import { accessOf } from '../package/random-access';
import { readZipDirectory, readZipEntry } from '../package/read-zip';
import { ZipWriter } from '../package/write-zip';
import type { TrustRoot } from '../trust/trust-root';
import { buildCase, type Case, CONSOLE, type Stored, toView } from './build-case';

const CREATED_AT = '2026-11-20T07:00:00.000Z';
const journalSeed = new Uint8Array(32).fill(2);
const PAGE = utf8('<!doctype html><title>Verify</title>');
const PAGE_DIGEST = formatDigest('sha-256', sha256(PAGE));

export const REQUEST: PackageExport = {
  id: 'rec_01a1f682-ea84-7ea5-a094-4f08cca0c2ff',
  organisation: 'bank',
  by: { person: 'per_01a1f682-ea84-7ea5-a094-4f08cca0c2ae', name: 'Asha Rao', roles: ['auditor'] },
  purpose: 'regulator-request',
  caseReference: 'FI-2026-118',
  recipient: 'Financial supervisor',
  payloads: false,
  scope: { kind: 'decision', decision: 'dec_01a1f682-ea84-7ea5-a094-4f08cca0c2ab' },
  nonce: 'AAAAAAAAAAAAAAAAAAAAAA',
};

export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return concatBytes(...all);
}

/** Appends a `verification` record to the console's stream of the case, after the log was closed over it. */
function appendRecord(made: Case, id: string, body: Record<string, unknown>): RecordView {
  const records = made.streams.get(CONSOLE) as Stored[];
  const last = records.at(-1) as Stored;
  const position = last.position + 1;
  const payload = JSON.stringify({
    kind: 'verification',
    id,
    producer: 'spiffe://console.test/countersign/console',
    stream: CONSOLE,
    seq: position,
    occurred_at: CREATED_AT,
    body,
  });
  const bytes = signEnvelope(utf8(payload), jwkThumbprint(publicKeyOf(journalSeed)), journalSeed);
  const stored: Stored = {
    position,
    id,
    kind: 'verification',
    occurredAt: CREATED_AT,
    bytes,
    link: nextLink(last.link, position, recordDigest(bytes)),
  };
  records.push(stored);
  return toView(CONSOLE, stored);
}

export interface BuiltPackage {
  made: Case;
  bytes: Uint8Array;
}

/** `parts` are added to the case's decision, as a console that holds more would. */
export async function buildPackage(
  parts: Partial<DecisionParts> = {},
  made: Case = buildCase(),
): Promise<BuiltPackage> {
  const views = [made.detail.record as RecordView, ...made.detail.related];
  const proofs: DecisionParts['proofs'][number][] = [];
  for (const { stream, position } of views) {
    const inclusion = await made.source.inclusion(stream, position);
    if (inclusion) proofs.push({ stream, position, inclusion });
  }
  const first = proofs[0]?.inclusion;
  const exportRecord = appendRecord(made, REQUEST.id, {
    event: EXPORT_EVENT,
    request_digest: requestDigest(REQUEST),
  });
  const verifierRecord = appendRecord(made, 'rec_verifier', { event: VERIFIER_EVENT, digest: PAGE_DIGEST });
  const whole: DecisionParts = {
    detail: made.detail,
    approvals: made.material.approvals,
    proofs,
    witnesses: [],
    payloads: [],
    foreignParents: [],
    next: null,
    ...parts,
  };
  const { material } = made;
  const bytes = await collect(
    assemblePackage({
      createdAt: CREATED_AT,
      console: { origin: 'https://console.test', log: material.log?.origin ?? null },
      export: REQUEST,
      exportRecord,
      verifier: { bytes: PAGE, digest: PAGE_DIGEST, record: verifierRecord },
      checkpoint: first ? { size: first.size, note: first.checkpoint } : null,
      decisions: (async function* () {
        yield whole;
      })(),
      describeStream: async (stream) => ({
        producer: stream,
        head: made.streams.get(stream)?.length ?? 1,
      }),
      readRecords: async function* (stream, from, to) {
        for (const { position, bytes: record, link, occurredAt } of made.streams.get(stream) ?? [])
          if (position >= from && position <= to)
            yield { position, bytes: record, link, acceptedAt: occurredAt };
      },
      close: async function* () {
        yield { path: JWKS_PATH, bytes: utf8(JSON.stringify(formatJwks([]))) };
        const { streams, log, approvalKeys } = material;
        yield { path: KEYS_PATH, bytes: utf8(JSON.stringify({ streams, log, approvalKeys })) };
        yield {
          path: TRUST_PATH,
          bytes: utf8(JSON.stringify({ format: 'countersign/trust/v1', roots: rootsOf(made) })),
        };
        yield { path: REPORT_PATH, bytes: utf8('%PDF-1.7 a report') };
        yield { path: CERTIFICATION_PATH, bytes: utf8('# Certification (draft)\n') };
      },
    }),
  );
  return { made, bytes };
}

/** Every key of the case as a pinned root. */
export function rootsOf({ material: { streams, log, approvalKeys } }: Case): TrustRoot[] {
  return listOfferedRoots({ streams, log, approvalKeys }, 'https://console.test');
}

/** The files of a package by path. */
export async function unpack(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  const access = accessOf(bytes);
  const directory = await readZipDirectory(access);
  if (!directory.ok) throw new Error(`${directory.code} ${directory.detail ?? ''}`);
  const files = new Map<string, Uint8Array>();
  for (const [path, entry] of directory.value) {
    const file = await readZipEntry(access, entry);
    if (!file.ok) throw new Error(`${path}: ${file.code}`);
    files.set(path, file.value);
  }
  return files;
}

/** An archive of these files, whatever they say. */
export function pack(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const zip = new ZipWriter();
  const pieces = [...files].map(([path, bytes]) => zip.add(path, bytes));
  return concatBytes(...pieces, zip.finish());
}

export function textOf(files: ReadonlyMap<string, Uint8Array>, path: string): string {
  const text = decodeUtf8(files.get(path) ?? new Uint8Array(0));
  if (!text.ok) throw new Error(path);
  return text.value;
}

/** The package repacked by somebody who also mends the manifest: sizes and digests fit whatever was changed. */
export function repack(
  files: ReadonlyMap<string, Uint8Array>,
  change: (manifest: PackageManifest) => void = () => {},
): Uint8Array {
  const manifest = JSON.parse(textOf(files, 'manifest.json')) as PackageManifest;
  manifest.files = [...files]
    .filter(([path]) => path !== 'manifest.json')
    .map(([path, bytes]) => ({ path, size: bytes.length, digest: formatDigest('sha-256', sha256(bytes)) }));
  change(manifest);
  return pack(new Map([...files, ['manifest.json', utf8(JSON.stringify(manifest))]]));
}
