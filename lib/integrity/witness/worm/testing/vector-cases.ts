/**
 * The published checks on write-once stores as a table that any runner can walk (Node, Chromium): answers of S3 on an
 * object's lock, and audit digests of AWS. The collection words its verdicts freely; each is read as one class here.
 */
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { formatBase64, parseBase64 } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import type { Stamped } from '../../witness-report';
import { type SignedDigest, verifyDigest } from '../cloudtrail';
import { parseAuditKeys } from '../parse-audit-keys';
import { verifyWorm } from '../verify-worm';
import { formatWormStatement, type WormStatement } from '../worm-statement';

export interface VectorCase {
  name: string;
  expect: string;
  run(): Promise<string>;
}

type ReadFile = (path: string) => Uint8Array;

interface StoreAnswer {
  request?: { bucket: string; key: string };
  headers?: Record<string, string>;
  bodyXml?: string;
  expect: string;
}

/** When the collection weighs retention. */
const NOW_MS = Date.UTC(2026, 2, 1);
const ANSWERS = [
  'head-compliance-ok',
  'head-expired',
  'head-governance',
  'head-legal-hold',
  'head-no-lock',
  'head-not-found',
  'retention-xml',
  'legal-hold-xml',
];
const DIGESTS = [
  'digest-0',
  'digest-1',
  'digest-2',
  'tampered-digest-1-logfile-removed',
  'tampered-digest-1-loghash',
  'tampered-digest-1-signature',
  'tampered-digest-2-moved-bucket',
];

/**
 * `readFile` takes paths from the root of the collection on and throws where there is no such file: the collection may be
 * partial, and what is absent is left out.
 */
export function listWormVectors(readFile: ReadFile): VectorCase[] {
  const answers = ANSWERS.map((name) => `s3worm/object-lock/${name}.json`).filter((path) =>
    exists(readFile, path),
  );
  const digests = DIGESTS.map((name) => `s3worm/cloudtrail-derived/${name}`).filter((path) =>
    exists(readFile, `${path}.json.gz`),
  );
  return [
    ...answers.map((path) => answerCase(path, readJson<StoreAnswer>(readFile, path))),
    ...digests.map((path) => digestCase(path, readFile)),
  ];
}

function answerCase(path: string, answer: StoreAnswer): VectorCase {
  return {
    name: path.replace('s3worm/', ''),
    expect: classOf(answer.expect),
    run: async () => {
      const statement = statementOf(answer);
      const stamped = stampedBy(statement);
      const trust = { auditKeys: [] };
      const report = await verifyWorm(formatWormStatement(statement), stamped, trust, { nowMs: NOW_MS });
      const codes = report.checks.flatMap(({ code }) => code ?? []);
      if (codes.length > 0) return codes.sort().join(' ');
      return report.verdict === 'not-checked' ? 'locked, as the store claims' : report.verdict;
    },
  };
}

/** An unsigned answer is a claim: what it calls locked is locked as far as the store says so. */
function classOf(expect: string): string {
  if (expect === 'locked') return 'locked, as the store claims';
  if (/retention already over/.test(expect)) return 'retention_over';
  if (/GOVERNANCE/.test(expect)) return 'mode_removable';
  return 'mode_missing retention_missing';
}

function statementOf({ request, headers = {}, bodyXml = '' }: StoreAnswer): WormStatement {
  const header = (name: string) => headers[`x-amz-${name}`] ?? null;
  const element = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(bodyXml)?.[1] ?? null;
  return {
    format: 'countersign/worm/v1',
    provider: 's3',
    bucket: request?.bucket ?? 'audit-bucket',
    key: request?.key ?? 'evidence.json',
    versionId: header('version-id'),
    checksumSha256: header('checksum-sha256'),
    mode: header('object-lock-mode') ?? element('Mode'),
    retainUntil: header('object-lock-retain-until-date') ?? element('RetainUntilDate'),
    legalHold: header('object-lock-legal-hold') === 'ON' || element('Status') === 'ON',
    readAt: '2026-03-01T00:00:00.000Z',
    stored: header('checksum-sha256') ? null : formatBase64(utf8('evidence')),
    cloudTrail: null,
  };
}

/** The lock is what these answers are about; the bytes are those that the answer names. */
function stampedBy({ checksumSha256 }: WormStatement): Stamped {
  const digest = checksumSha256 === null ? null : parseBase64(checksumSha256);
  return digest?.ok
    ? { kind: 'digest', algorithm: 'sha-256', digest: digest.value }
    : { kind: 'bytes', bytes: utf8('evidence') };
}

function digestCase(path: string, readFile: ReadFile): VectorCase {
  const headers = readJson<Record<string, string>>(readFile, `${path}.headers.json`);
  return {
    name: path.replace('s3worm/', ''),
    expect: headers.expect ?? 'valid',
    run: async () => {
      const keys = parseAuditKeys(readFile('s3worm/cloudtrail-derived/public-keys.json'));
      invariant(keys.ok, 'the collection’s keys');
      const verified = await verifyDigest(
        await readSignedDigest(readFile, path),
        keys.value.map(({ publicKey }) => publicKey),
      );
      if (!verified) return 'not-checked';
      return verified.ok ? 'valid' : 'invalid';
    },
  };
}

/** A digest of the collection, as found where it says that it lies; `path` without its ending. */
export async function readSignedDigest(readFile: ReadFile, path: string): Promise<SignedDigest> {
  const content = await gunzip(readFile(`${path}.json.gz`));
  const text = decodeUtf8(content);
  invariant(text.ok, `${path} is text`);
  const digest = JSON.parse(text.value) as { digestS3Bucket: string; digestS3Object: string };
  const headers = readJson<Record<string, string>>(readFile, `${path}.headers.json`);
  return {
    bucket: digest.digestS3Bucket,
    object: digest.digestS3Object,
    content,
    signature: headers['x-amz-meta-signature'] ?? '',
  };
}

export async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function exists(readFile: ReadFile, path: string): boolean {
  try {
    readFile(path);
    return true;
  } catch {
    return false;
  }
}

function readJson<T>(readFile: ReadFile, path: string): T {
  const text = decodeUtf8(readFile(path));
  invariant(text.ok, `${path} is text`);
  return JSON.parse(text.value) as T;
}
