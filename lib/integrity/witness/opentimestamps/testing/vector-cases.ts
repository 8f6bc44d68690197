/**
 * The published OpenTimestamps checks as a table that any runner can walk (Node, Chromium): what the collection expects,
 * in its own words or by what the reference implementation found, and what `verifyOpenTimestamps` answers.
 */
import { decodeUtf8 } from '@/lib/core/bytes';
import { parseHex } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import type { DigestAlgorithm, Stamped, WitnessReport } from '../../witness-report';
import type { PinnedHeader } from '../parse-header-file';
import { verifyOpenTimestamps } from '../verify-open-timestamps';

export interface VectorCase {
  name: string;
  expect: string;
  run(): string;
}

interface OtsVector {
  file: string;
  original: string | null;
  expect: string;
  pythonOpentimestamps?: {
    hashOp: string;
    fileDigest: string;
    attestations?: { type: string; height?: number; uri?: string; merkleRootDisplay?: string }[];
  };
}

/** `readFile` takes paths from the root of the collection on, as `ots/vectors.json`. */
export function listOpenTimestampsVectors(readFile: (path: string) => Uint8Array): VectorCase[] {
  const vectors = readJson<OtsVector[]>(readFile, 'ots/vectors.json');
  const headers = readJson<{ complete: { height: number; headerHex: string }[] }>(
    readFile,
    'ots/headers/headers.json',
  ).complete.map(({ height, headerHex }): PinnedHeader => ({ height, header: bytesOf(headerHex) }));
  return vectors.map((vector) => ({
    name: `${vector.file}${vector.original ? ` with ${vector.original}` : ''}`,
    expect: expectationOf(vector),
    run: () =>
      describeReport(
        verifyOpenTimestamps(readFile(`ots/${vector.file}`), stampedBy(vector, readFile), { headers }),
      ),
  }));
}

function stampedBy(vector: OtsVector, readFile: (path: string) => Uint8Array): Stamped {
  if (vector.original !== null) return { kind: 'bytes', bytes: readFile(`ots/${vector.original}`) };
  const { hashOp, fileDigest } = vector.pythonOpentimestamps ?? {};
  if (!hashOp || !fileDigest) return { kind: 'bytes', bytes: new Uint8Array(0) };
  const algorithm = hashOp.replace('sha', 'sha-') as DigestAlgorithm;
  return { kind: 'digest', algorithm, digest: bytesOf(fileDigest) };
}

/** The collection's own words where they are exact; else what the reference implementation found at the ends. */
function expectationOf({ expect, pythonOpentimestamps }: OtsVector): string {
  if (/^(malformed|verified|invalid)/.test(expect)) return expect;
  return (pythonOpentimestamps?.attestations ?? [])
    .map(({ type, height, uri, merkleRootDisplay }) => {
      if (type === 'BitcoinBlockHeaderAttestation') return `root ${merkleRootDisplay} for block ${height}`;
      return type === 'PendingAttestation' ? `pending ${uri}` : 'unknown attestation';
    })
    .join(', ');
}

function describeReport({ checks, verdict, witnessedAtMs }: WitnessReport): string {
  const of = (id: string) => checks.filter((check) => check.id === `opentimestamps.${id}`);
  if (of('form')[0]?.verdict !== 'valid') return 'malformed';
  if (of('digest')[0]?.verdict === 'invalid') return 'invalid: file digest mismatch';
  const [root] = of('root');
  const block = /[0-9]+/.exec(root?.title ?? '')?.[0];
  if (root?.verdict === 'invalid') return `invalid: computed root differs from block ${block}`;
  if (verdict === 'valid') {
    return `verified: block ${block}, ${new Date(witnessedAtMs ?? Number.NaN).toISOString().replace('.000', '')}`;
  }
  return [
    ...of('header').map(
      ({ computed, title }) => `root ${computed} for block ${title.replace('Bitcoin block ', '')}`,
    ),
    ...of('pending').map(({ title, key }) =>
      title === 'Calendar' ? `pending ${key?.replace('the calendar ', '')}` : 'unknown attestation',
    ),
  ].join(', ');
}

function readJson<T>(readFile: (path: string) => Uint8Array, path: string): T {
  const text = decodeUtf8(readFile(path));
  invariant(text.ok, `${path} is text`);
  return JSON.parse(text.value) as T;
}

function bytesOf(hex: string): Uint8Array {
  const bytes = parseHex(hex);
  invariant(bytes.ok, 'a vector’s hex');
  return bytes.value;
}
