/**
 * Every check of an evidence package in order: the files against the manifest, the request against the record of the
 * export, the keys against what the user pinned, and then each decision by the same function that checks it on the
 * console's own page. What only the console could show is NOT CHECKED, with its reason.
 */
import { type Check, type CheckVerdict, overallVerdict } from '@/lib/integrity/check';
import type { TrustRoot } from '../trust/trust-root';
import {
  type TimedCheck,
  type VerificationMemory,
  type VerifyOptions,
  verifyDecision,
} from '../verify-decision';
import { checkExportRecord, checkVerifierPage } from './check-export';
import { checkPayloads } from './check-payloads';
import type { PackagedDecision } from './manifest';
import { checkOfferedKeys, peerKeyId } from './offered-keys';
import type { EvidencePackage } from './open-package';
import { PACKAGE_SENTENCES, type PackageErrorCode } from './package-error';
import { createPackageSource, readPackagedDetail, readPackagedMaterial } from './package-source';

export interface VerifyPackageOptions {
  /** A monotonic clock in milliseconds, for durations. */
  clock: () => number;
  /** Now, in milliseconds since the Unix epoch. */
  nowMs: number;
  /** What this verifier remembers of the log; nothing by default. */
  memory?: VerificationMemory;
  /** Each line of the package as it is known. */
  check?: (check: TimedCheck) => void;
  /** Each decision as it is done. */
  decision?: (verification: PackagedDecisionVerification) => void;
  progress?: (progress: PackageProgress) => void;
  signal?: AbortSignal;
}

export interface PackageProgress {
  phase: 'files' | 'decisions';
  done: number;
  total: number;
}

export interface PackagedDecisionVerification {
  id: string;
  checks: readonly TimedCheck[];
  verdict: CheckVerdict;
}

export interface PackageVerification {
  /** Lines about the package itself: files, export, keys. */
  checks: readonly TimedCheck[];
  decisions: readonly PackagedDecisionVerification[];
  /** Over all lines of both. */
  verdict: CheckVerdict;
}

/** Lets the page draw and the user cancel between files. */
const FILES_PER_STEP = 64;

/** @throws the signal's reason when cancelled */
export async function verifyEvidencePackage(
  pkg: EvidencePackage,
  trust: readonly TrustRoot[],
  options: VerifyPackageOptions,
): Promise<PackageVerification> {
  const { clock, signal } = options;
  const checks: TimedCheck[] = [];
  let begunMs = clock();
  const tell = (check: Check) => {
    const now = clock();
    const timed = { ...check, tookMs: now - begunMs };
    begunMs = now;
    checks.push(timed);
    options.check?.(timed);
  };
  tell(await checkFiles(pkg, options));
  tell(await checkExportRecord(pkg));
  if (pkg.manifest.verifier) tell(await checkVerifierPage(pkg, pkg.manifest.verifier));
  const keys = checkOfferedKeys(pkg.keys, trust, { streams: streamsOf(pkg), peers: peersOf(pkg) });
  for (const check of keys) tell(check);

  const source = createPackageSource(pkg);
  const decisions: PackagedDecisionVerification[] = [];
  const total = pkg.manifest.decisions.length;
  for (const decision of pkg.manifest.decisions) {
    signal?.throwIfAborted();
    const verified = await verifyOne(pkg, decision, source, { roots: trust, keys }, options);
    decisions.push(verified);
    options.decision?.(verified);
    options.progress?.({ phase: 'decisions', done: decisions.length, total });
  }
  const verdict = overallVerdict([...checks, ...decisions]);
  return { checks, decisions, verdict };
}

async function verifyOne(
  pkg: EvidencePackage,
  decision: PackagedDecision,
  source: ReturnType<typeof createPackageSource>,
  trust: { roots: readonly TrustRoot[]; keys: readonly Check[] },
  { clock, nowMs, memory, signal }: VerifyPackageOptions,
): Promise<PackagedDecisionVerification> {
  const detail = await readPackagedDetail(pkg, decision);
  const material = await readPackagedMaterial(pkg, decision, trust.roots);
  const options: VerifyOptions = {
    clock,
    nowMs,
    memory: memory ?? { points: new Map(), checkpoint: null },
    ...(signal ? { signal } : {}),
  };
  const { checks } = await verifyDecision(detail, material, source, options);
  const others = [...(await checkPayloads(pkg, decision, detail)), sumUpKeys(decision, trust.keys)];
  const all = [...checks, ...others.map((check) => ({ ...check, tookMs: 0 }))];
  return { id: decision.row.id, checks: all, verdict: overallVerdict(all) };
}

/** Whether you pinned the keys that this decision's lines rest on: without that they show only that the package fits itself. */
function sumUpKeys(decision: PackagedDecision, keys: readonly Check[]): Check {
  const streams = new Set(
    [...(decision.record ? [decision.record] : []), ...decision.related].map(({ stream }) => stream),
  );
  const peers = new Set(decision.foreignParents.map(({ vkey }) => peerKeyId(vkey)));
  const hasToken = decision.approvals.some(({ token }) => token !== null);
  const details = keys.filter(
    ({ id, where }) =>
      id === 'trust.log' ||
      peers.has(id) ||
      (where?.stream !== undefined && streams.has(where.stream)) ||
      (hasToken && id.startsWith('trust.approval')),
  );
  const verdict = overallVerdict(details);
  const base = {
    id: 'trust.keys',
    title: 'Pinned keys',
    compared: 'the keys that these lines rest on with those you pinned',
    details,
  };
  const broken = details.find((check) => check.verdict === 'invalid');
  if (broken) return { ...base, verdict, code: broken.code ?? 'key_differs' };
  if (verdict === 'valid') return { ...base, verdict };
  return {
    ...base,
    verdict,
    reason:
      'not all of them are pinned by you: the lines above show that the evidence fits the keys in the package',
  };
}

/** Logs of other consoles in which parents of the decisions are. */
function peersOf(pkg: EvidencePackage): Set<string> {
  return new Set(
    pkg.manifest.decisions.flatMap(({ foreignParents }) => foreignParents.map(({ vkey }) => vkey)),
  );
}

/** Streams of the records that the decisions rest on. */
function streamsOf(pkg: EvidencePackage): Set<string> {
  const streams = new Set<string>([pkg.manifest.exportRecord.stream]);
  for (const { record, related } of pkg.manifest.decisions) {
    for (const place of [...(record ? [record] : []), ...related]) streams.add(place.stream);
  }
  return streams;
}

/** That every file is the one whose digest the manifest gives. */
async function checkFiles(pkg: EvidencePackage, options: VerifyPackageOptions): Promise<Check> {
  const base = { id: 'package.files', title: 'Files' };
  const total = pkg.files.size;
  let done = 0;
  let bytes = 0;
  let first: { path: string; code: PackageErrorCode; expected: string } | null = null;
  let broken = 0;
  for (const { path, size, digest } of pkg.files.values()) {
    if (done % FILES_PER_STEP === 0) {
      options.signal?.throwIfAborted();
      options.progress?.({ phase: 'files', done, total });
    }
    const read = await pkg.read(path);
    if (!read.ok) {
      broken++;
      first ??= { path, code: read.code, expected: digest };
    }
    done++;
    bytes += size;
  }
  options.progress?.({ phase: 'files', done, total });
  const figure = (n: number) => n.toLocaleString('en');
  if (first)
    return {
      ...base,
      verdict: 'invalid',
      code: first.code,
      compared: `${first.path}${broken > 1 ? ` and ${figure(broken - 1)} more` : ''} with the manifest. ${PACKAGE_SENTENCES[first.code]}`,
      expected: first.expected,
    };
  return {
    ...base,
    verdict: 'valid',
    compared: `${figure(total)} files, ${figure(bytes)} bytes, each digested again with SHA-256 and held against the manifest`,
  };
}
