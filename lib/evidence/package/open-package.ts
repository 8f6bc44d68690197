import { formatDigest, sha256 } from '@/lib/core/hash';
import { err, ok, type Result } from '@/lib/core/result';
import { type ProvDocument, parseProvDocument } from '../provenance/prov-document';
import { type TrustFile, trustFile } from '../trust/trust-root';
import { type PackageChain, parseChainFile } from './chain-file';
import { type PackageFile, type PackageManifest, parseManifest, parsePart } from './manifest';
import type { PackageErrorCode } from './package-error';
import { type PackagedReceipt, type PackageKeys, packageKeys, receiptIndex } from './package-parts';
import {
  chainPath,
  KEYS_PATH,
  LINEAGE_PATH,
  MANIFEST_PATH,
  RECEIPTS_PATH,
  TRUST_PATH,
} from './package-places';
import { accessOf, type RandomAccess } from './random-access';
import { readZipDirectory, readZipEntry } from './read-zip';
import type { ZipEntry } from './zip-layout';

/** An opened package: its form is right, and nothing in it is verified. Files are read when asked for, one by one. */
export interface EvidencePackage {
  /** Bytes of the whole archive. */
  readonly size: number;
  readonly manifest: PackageManifest;
  readonly keys: PackageKeys;
  readonly receipts: readonly PackagedReceipt[];
  /** What the exporting console believes: offered, for the verifier to decide. */
  readonly offered: TrustFile;
  readonly lineage: ProvDocument;
  /** Every file but the manifest, by path, as the manifest lists it. */
  readonly files: ReadonlyMap<string, PackageFile>;
  /** Bytes of a file whose digest is the one in the manifest. `file_missing` for a path that it does not list. */
  read(path: string): Promise<Result<Uint8Array, PackageErrorCode>>;
  /** The chain of a stream; `file_missing` when the package holds none of its records. */
  chain(stream: string): Promise<Result<PackageChain, PackageErrorCode>>;
}

/**
 * Opens attacker-controlled bytes as an evidence package: the archive's directory, the manifest, that both name the same
 * files with the same sizes, and the parts that everything else is read by. Reads the directory and those parts only, so
 * that a package of 200 MB opens at once; what is read later is held against the manifest's digests then.
 */
export async function openEvidencePackage(
  input: Parameters<typeof accessOf>[0],
): Promise<Result<EvidencePackage, PackageErrorCode>> {
  const access = accessOf(input);
  const directory = await readZipDirectory(access);
  if (!directory.ok) return directory;
  const entry = directory.value.get(MANIFEST_PATH);
  if (!entry) return err('manifest_missing');
  const bytes = await readZipEntry(access, entry);
  if (!bytes.ok) return bytes;
  const manifest = parseManifest(bytes.value);
  if (!manifest.ok) return manifest;
  const files = matchFiles(manifest.value, directory.value);
  if (!files.ok) return files;
  const read = createReader(access, directory.value, files.value);
  const keys = await readPart(read, KEYS_PATH, (part) => parsePart(part, packageKeys));
  if (!keys.ok) return keys;
  const receipts = await readPart(read, RECEIPTS_PATH, (part) => parsePart(part, receiptIndex));
  if (!receipts.ok) return receipts;
  const offered = await readPart(read, TRUST_PATH, (part) => parsePart(part, trustFile));
  if (!offered.ok) return offered;
  const lineage = await readPart(read, LINEAGE_PATH, parseProvDocument);
  if (!lineage.ok) return lineage;
  return ok({
    size: access.size,
    manifest: manifest.value,
    keys: keys.value,
    receipts: receipts.value.receipts,
    offered: offered.value,
    lineage: lineage.value,
    files: files.value,
    read,
    chain: createChainReader(read),
  });
}

/** The manifest and the archive must name the same files with the same sizes, each once. */
function matchFiles(
  manifest: PackageManifest,
  directory: ReadonlyMap<string, ZipEntry>,
): Result<ReadonlyMap<string, PackageFile>, PackageErrorCode> {
  const files = new Map<string, PackageFile>();
  for (const file of manifest.files) {
    if (files.has(file.path) || file.path === MANIFEST_PATH)
      return err('manifest_invalid', `${file.path} is listed twice`);
    const entry = directory.get(file.path);
    if (!entry) return err('file_missing', file.path);
    if (entry.size !== file.size) return err('file_size', file.path);
    files.set(file.path, file);
  }
  for (const path of directory.keys()) {
    if (path !== MANIFEST_PATH && !files.has(path)) return err('file_unlisted', path);
  }
  return ok(files);
}

function createReader(
  access: RandomAccess,
  directory: ReadonlyMap<string, ZipEntry>,
  files: ReadonlyMap<string, PackageFile>,
): EvidencePackage['read'] {
  return async (path) => {
    const entry = directory.get(path);
    const file = files.get(path);
    if (!entry || !file) return err('file_missing', path);
    const bytes = await readZipEntry(access, entry);
    if (!bytes.ok) return bytes;
    return formatDigest('sha-256', sha256(bytes.value)) === file.digest ? bytes : err('file_digest', path);
  };
}

async function readPart<T>(
  read: EvidencePackage['read'],
  path: string,
  parse: (bytes: Uint8Array) => Result<T, PackageErrorCode>,
): Promise<Result<T, PackageErrorCode>> {
  const bytes = await read(path);
  if (!bytes.ok) return bytes;
  const parsed = parse(bytes.value);
  return parsed.ok ? parsed : err(parsed.code, parsed.code === 'part_invalid' ? path : parsed.detail);
}

/** Chains are kept once read: every decision of a stream asks for the same one. */
function createChainReader(read: EvidencePackage['read']): EvidencePackage['chain'] {
  const known = new Map<string, Promise<Result<PackageChain, PackageErrorCode>>>();
  return (stream) => {
    const before = known.get(stream);
    if (before) return before;
    const reading = readPart(read, chainPath(stream), (bytes): Result<PackageChain, PackageErrorCode> => {
      const chain = parseChainFile(bytes);
      if (chain.ok && chain.value.stream !== stream) return err('part_invalid');
      return chain;
    });
    known.set(stream, reading);
    return reading;
  };
}
