/**
 * Path building and validation (RFC 5280 §6.1) at a moment of the past: from one certificate to a pinned one, every
 * certificate of the path valid at that moment, every signature verified. Revocation is not looked up: nothing is fetched
 * at verify time. What we cannot apply (name and policy constraints, any unknown critical extension) refuses.
 *
 * A pinned certificate ends the path wherever it stands, root or intermediate; its own signature is not asked for, its
 * validity is. EKUs of intermediates are nested as browsers do: one that has any must have the purpose.
 */
import { equalBytes } from '@/lib/core/bytes';
import { err, ok, type Result } from '@/lib/core/result';
import type { Certificate } from '@/lib/integrity/witness/x509/certificate';
import { type SignatureCode, verifySignature } from '@/lib/integrity/witness/x509/verify-signature';

export type ChainCode =
  | SignatureCode
  | 'chain_untrusted'
  | 'chain_expired'
  | 'chain_not_ca'
  | 'chain_path_length'
  | 'chain_key_usage'
  | 'chain_purpose'
  | 'chain_critical_extension'
  | 'chain_too_long';

export interface ChainQuestion {
  readonly leaf: Certificate;
  /** Ends of trust. */
  readonly anchors: readonly Certificate[];
  /** Certificates that may stand between; none of them is believed. */
  readonly others: readonly Certificate[];
  readonly atMs: number;
  /** OID that intermediates with an extended key usage must have. */
  readonly purpose: string;
}

/** From the leaf to the pinned certificate. */
export type ChainPath = readonly [Certificate, ...Certificate[]];

const MAX_PATH = 8;
/** Bounds the work that a bag of look-alikes can cause. */
const MAX_SIGNATURES = 64;

/**
 * Critical extensions whose meaning is applied here or by the caller: constraints, usages. Policies and alternative names bind
 * nobody here: who signed is told by issuer and serial number. Whoever has no subject must have a critical alternative name
 * (RFC 5280 §4.2.1.6).
 */
const APPLIED = new Set(['2.5.29.15', '2.5.29.19', '2.5.29.37', '2.5.29.32', '2.5.29.17']);
const ANY_PURPOSE = '2.5.29.37.0';

/** The path, or why the most promising one failed. */
export async function verifyChain(question: ChainQuestion): Promise<Result<ChainPath, ChainCode>> {
  return await extend(question, [question.leaf], { signatures: 0 });
}

async function extend(
  question: ChainQuestion,
  path: ChainPath,
  work: { signatures: number },
): Promise<Result<ChainPath, ChainCode>> {
  const last = path[path.length - 1] as Certificate;
  const refusal = refuseLink(question, path);
  if (refusal) return refusal;
  if (question.anchors.some(({ der }) => equalBytes(der, last.der))) return ok(path);
  if (path.length === MAX_PATH) return err('chain_too_long', `more than ${MAX_PATH} certificates`);
  let failure: Result<ChainPath, ChainCode> = err(
    'chain_untrusted',
    `no pinned certificate above ${last.subjectName}`,
  );
  for (const issuer of [...question.anchors, ...question.others]) {
    if (!equalBytes(issuer.subject, last.issuer) || path.includes(issuer)) continue;
    work.signatures += 1;
    if (work.signatures > MAX_SIGNATURES) return err('chain_too_long', 'too many candidates');
    const signature = await verifySignature({
      algorithm: last.signatureAlgorithm,
      publicKey: issuer.publicKey,
      message: last.tbs,
      signature: last.signature,
    });
    const found: Result<ChainPath, ChainCode> = signature.ok
      ? await extend(question, [...path, issuer], work)
      : err(signature.code, signature.detail ?? `${issuer.subjectName} did not sign ${last.subjectName}`);
    if (found.ok) return found;
    if (!failure.ok && failure.code === 'chain_untrusted') failure = found;
  }
  return failure;
}

/** What is wrong with the last certificate of a path, where it stands. */
function refuseLink({ atMs, purpose }: ChainQuestion, path: ChainPath): Result<never, ChainCode> | null {
  const last = path[path.length - 1] as Certificate;
  const name = last.subjectName;
  if (atMs < last.notBeforeMs || atMs > last.notAfterMs)
    return err('chain_expired', `${name} was not valid then`);
  const unknown = last.critical.find((oid) => !APPLIED.has(oid));
  if (unknown !== undefined)
    return err('chain_critical_extension', `${name} has the critical extension ${unknown}`);
  if (path.length === 1) return null;
  if (!last.isCa) return err('chain_not_ca', `${name} is no certificate authority`);
  // Self-issued certificates below do not count (RFC 5280 §4.2.1.9), neither does the leaf.
  const below = path.slice(1, -1).filter(({ subject, issuer }) => !equalBytes(subject, issuer)).length;
  if (last.pathLength !== null && below > last.pathLength) return err('chain_path_length', `below ${name}`);
  if (last.keyUsage && !last.keyUsage.has('keyCertSign'))
    return err('chain_key_usage', `${name} may not certify`);
  const purposes = last.extendedKeyUsage?.purposes;
  if (purposes && !purposes.includes(purpose) && !purposes.includes(ANY_PURPOSE)) {
    return err('chain_purpose', `${name} may not certify for this purpose`);
  }
  return null;
}
