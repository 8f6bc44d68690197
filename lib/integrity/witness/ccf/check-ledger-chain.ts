import { equalBytes } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import type { Check } from '@/lib/integrity/check';
import { ledgerLine } from '@/lib/integrity/witness/ccf/ledger-lines';
import type { LedgerReceipt } from '@/lib/integrity/witness/ccf/parse-ledger-receipt';
import { invalid, notChecked, VALID } from '@/lib/integrity/witness/line-outcome';
import { type Certificate, parseCertificate } from '@/lib/integrity/witness/x509/certificate';
import { verifySignature } from '@/lib/integrity/witness/x509/verify-signature';

export interface LedgerTrust {
  /** Pinned service certificates, DER. */
  readonly services: readonly Uint8Array[];
  /** Pinned service keys where no certificate is at hand, SPKI DER. */
  readonly keys?: readonly Uint8Array[];
}

/** A pinned identity of a ledger; `fingerprint` is over what was pinned. */
export interface PinnedLedger {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly fingerprint: string;
}
export type PinnedLedgers = readonly PinnedLedger[];

/** What cannot be read as a certificate pins nothing. */
export function readPinnedLedgers({ services, keys = [] }: LedgerTrust): PinnedLedger[] {
  const certified = services.flatMap((der) => {
    const certificate = parseCertificate(der);
    if (!certificate.ok) return [];
    const { subjectName, publicKey } = certificate.value;
    return [{ name: subjectName, publicKey, fingerprint: formatDigest('sha-256', sha256(der)) }];
  });
  const bare = keys.map((publicKey) => {
    const fingerprint = formatDigest('sha-256', sha256(publicKey));
    return { name: `ledger key ${fingerprint.slice(8, 24)}`, publicKey, fingerprint };
  });
  return [...certified, ...bare];
}

const COMPARED =
  "the node's certificate, and every earlier identity of the service, with the one that signed it; without regard to time, which a receipt does not tell";

/**
 * Node certificate ← endorsements, each signed by the next ← the pinned service. A pinned identity among the endorsements
 * is as good as the last, but none of them may fail. Whatever endorses must be a certificate authority.
 */
export async function checkLedgerChain(
  { node, endorsements }: LedgerReceipt,
  pinned: PinnedLedgers,
): Promise<Check> {
  if (pinned.length === 0) return ledgerLine('chain', COMPARED, notChecked('no ledger is pinned'));
  let last = node;
  for (const endorsement of endorsements) {
    if (!endorsement.isCa || !(await isSignedBy(last, endorsement.publicKey))) {
      const computed = `${endorsement.subjectName} did not sign ${last.subjectName}`;
      return ledgerLine('chain', COMPARED, invalid('ledger_chain_untrusted', { computed }));
    }
    last = endorsement;
  }
  const isPinned = (ledger: PinnedLedger): boolean =>
    endorsements.some(({ publicKey }) => equalBytes(publicKey, ledger.publicKey));
  const root = pinned.find(isPinned) ?? (await findSigner(last, pinned));
  if (!root) {
    const computed = `no pinned ledger signed ${last.subjectName}`;
    return ledgerLine('chain', COMPARED, invalid('ledger_chain_untrusted', { computed }));
  }
  const { name, fingerprint } = root;
  return ledgerLine('chain', COMPARED, VALID, { key: name, root: { name, fingerprint } });
}

async function findSigner(certificate: Certificate, pinned: PinnedLedgers): Promise<PinnedLedger | null> {
  for (const ledger of pinned) if (await isSignedBy(certificate, ledger.publicKey)) return ledger;
  return null;
}

async function isSignedBy(certificate: Certificate, publicKey: Uint8Array): Promise<boolean> {
  const verified = await verifySignature({
    algorithm: certificate.signatureAlgorithm,
    publicKey,
    message: certificate.tbs,
    signature: certificate.signature,
  });
  return verified.ok;
}
