/**
 * What a receipt of a CCF ledger (Azure Confidential Ledger, SCITT services) shows, against pinned service certificates.
 *
 * JSON (`.ccf.json`), lines in order:
 *
 *   ccf.receipt   the form, strictly; one of `left` and `right` in every step of the proof
 *   ccf.claims    claims digest recomputed from the application's claims, where they are there
 *   ccf.stamp     the entry that the ledger stored is the stamp's text form `sha-256:<hex>` (or the stamped bytes)
 *   ccf.node      name of the node = digest of its key, where it is there
 *   ccf.root      leaf, folded along the proof, without prefixes; ECDSA over the root as a digest already made
 *   ccf.chain     node certificate ← earlier identities of the service ← pinned service certificate
 *
 * COSE (`.ccf.cose`), a transparent statement with receipts in header 394, or one receipt alone:
 *
 *   ccf.statement     the form
 *   ccf.stamp         content, or the digest that the content is (header 258), with what was stamped
 *   ccf.issuer        the statement's own signature under the certificate it carries
 *   ccf.registration  one for every receipt: data hash = SHA-256 of the statement with an empty unprotected header; root
 *                     signed by a pinned ledger. A receipt of another kind is NOT CHECKED as unsupported
 *
 * A ledger's certificates tell no time at which they were used and JSON receipts none at all, so validity dates of the
 * certificates are not asked. A COSE receipt tells when it was issued.
 */
import { type LedgerTrust, readPinnedLedgers } from '@/lib/integrity/witness/ccf/check-ledger-chain';
import { verifyCoseStatement } from '@/lib/integrity/witness/ccf/verify-cose-statement';
import { verifyJsonReceipt } from '@/lib/integrity/witness/ccf/verify-json-receipt';
import type { Stamped, WitnessReport } from '@/lib/integrity/witness/witness-report';

/**
 * Never throws, whatever the receipt. With `stamped` null the receipt is verified for itself, and nothing is said of what
 * was stamped. `witnessedAtMs` is the earliest time of issue among the receipts that are VALID.
 */
export async function verifyLedgerReceipt(
  receipt: Uint8Array,
  stamped: Stamped | null,
  trust: LedgerTrust,
): Promise<WitnessReport> {
  const pinned = readPinnedLedgers(trust);
  return isJson(receipt)
    ? await verifyJsonReceipt(receipt, stamped, pinned)
    : await verifyCoseStatement(receipt, stamped, pinned);
}

/** JSON begins with white space or `{`, tagged COSE with d2. */
function isJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte));
  return first === 0x7b;
}
