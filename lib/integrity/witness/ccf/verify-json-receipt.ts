import { utf8 } from '@/lib/core/bytes';
import { verifyEcdsa } from '@/lib/core/ecdsa';
import { formatHex } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import type { Check } from '@/lib/integrity/check';
import { type ApplicationClaim, digestClaims } from '@/lib/integrity/witness/ccf/application-claims';
import { checkLedgerChain, type PinnedLedgers } from '@/lib/integrity/witness/ccf/check-ledger-chain';
import { ledgerLine } from '@/lib/integrity/witness/ccf/ledger-lines';
import { foldProof, ledgerLeaf, transactionOf } from '@/lib/integrity/witness/ccf/ledger-tree';
import { type LedgerReceipt, parseLedgerReceipt } from '@/lib/integrity/witness/ccf/parse-ledger-receipt';
import { invalid, notChecked, VALID } from '@/lib/integrity/witness/line-outcome';
import { digestOfStamped, isStamped } from '@/lib/integrity/witness/stamped-digest';
import { reportWitness, type Stamped, type WitnessReport } from '@/lib/integrity/witness/witness-report';

const FORM = 'the receipt, member for member, with the form of a CCF receipt';

/** What we have a ledger store of a stamp: `sha-256:` and lower-case hex. */
export function formatLedgerEntry(stamp: Uint8Array): string {
  return formatDigest('sha-256', stamp);
}

/** See `verifyLedgerReceipt`. A JSON receipt says nothing of time. */
export async function verifyJsonReceipt(
  bytes: Uint8Array,
  stamped: Stamped | null,
  pinned: PinnedLedgers,
): Promise<WitnessReport> {
  const parsed = parseLedgerReceipt(bytes);
  if (!parsed.ok) {
    const held = parsed.detail === undefined ? {} : { computed: parsed.detail };
    const outcome =
      parsed.code === 'ledger_pending'
        ? notChecked('the ledger has taken the entry and has not committed it yet')
        : invalid(parsed.code, held);
    return reportWitness([ledgerLine('receipt', FORM, outcome)]);
  }
  const receipt = parsed.value;
  const checks = [
    ledgerLine('receipt', FORM, VALID),
    ...(receipt.claims ? [checkClaims(receipt, receipt.claims)] : []),
    ...(stamped ? [checkStamp(receipt, stamped)] : []),
    ...checkNode(receipt),
    checkRoot(receipt),
    await checkLedgerChain(receipt, pinned),
  ];
  const chain = checks.at(-1);
  const transaction = transactionOf(receipt.leaf.commitEvidence);
  const isFromLedger = checks.every(({ id, verdict }) => /claims|stamp/.test(id) || verdict === 'valid');
  return reportWitness(checks, {
    witness:
      isFromLedger && chain?.root
        ? `${chain.root.name}${transaction ? `, transaction ${transaction}` : ''}`
        : null,
  });
}

function checkClaims({ leaf }: LedgerReceipt, claims: readonly ApplicationClaim[]): Check {
  const computed = digestClaims(claims);
  const compared = `the digest over ${claims.length === 1 ? 'the recorded claim' : `${claims.length} recorded claims`} with the claims digest of the receipt`;
  const [expected, found] = [formatHex(leaf.claimsDigest), formatHex(computed)];
  const outcome =
    expected === found ? VALID : invalid('ledger_claims_mismatch', { expected, computed: found });
  return ledgerLine('claims', compared, outcome);
}

/** The entry in the ledger must be the stamp's text form, or the stamped bytes themselves. */
function checkStamp({ leaf, claims }: LedgerReceipt, stamped: Stamped): Check {
  const compared = 'the entry that the ledger stored with the digest of the stamped bytes';
  const isWithoutClaims = leaf.claimsDigest.every((byte) => byte === 0);
  if (isWithoutClaims && !claims) return ledgerLine('stamp', compared, invalid('ledger_stamp_absent'));
  const stamp = digestOfStamped(stamped, 'sha-256');
  if (!claims) {
    const reason =
      'the receipt comes without the claims that its digest is over, so what was stored is not known';
    return ledgerLine('stamp', compared, notChecked(reason));
  }
  const entries = claims.flatMap((claim) => (claim.kind === 'entry' ? [claim.contents] : []));
  if (entries.some((contents) => isStamped(stamped, utf8(contents))))
    return ledgerLine('stamp', compared, VALID);
  if (!stamp)
    return ledgerLine('stamp', compared, notChecked('the SHA-256 digest of the bytes is not known'));
  const expected = formatLedgerEntry(stamp);
  if (entries.includes(expected)) return ledgerLine('stamp', compared, VALID);
  const [computed] = entries;
  return ledgerLine(
    'stamp',
    compared,
    entries.length === 0
      ? invalid('ledger_stamp_absent', { expected })
      : invalid('ledger_stamp_mismatch', {
          expected,
          ...(entries.length === 1 && computed && /^sha-256:[0-9a-f]{64}$/.test(computed)
            ? { computed }
            : {}),
        }),
  );
}

/** Only where the receipt names its node. */
function checkNode({ node, nodeId }: LedgerReceipt): Check[] {
  if (nodeId === null) return [];
  const computed = formatHex(sha256(node.publicKey));
  const outcome =
    nodeId === computed
      ? VALID
      : invalid('ledger_node_mismatch', { expected: nodeId.slice(0, 64), computed });
  return [ledgerLine('node', 'the name of the node with the digest of the key in its certificate', outcome)];
}

function checkRoot({ leaf, proof, node, signature }: LedgerReceipt): Check {
  const digest = foldProof(ledgerLeaf(leaf), proof);
  const isValid = verifyEcdsa({ publicKey: node.publicKey, digest, signature, encoding: 'der' });
  const transaction = transactionOf(leaf.commitEvidence);
  const compared = `the signature with the root that ${transaction ? `transaction ${transaction}` : 'the transaction'} and ${proof.length} proof ${proof.length === 1 ? 'step' : 'steps'} give`;
  const outcome = isValid
    ? VALID
    : invalid('ledger_signature_invalid', { computed: `root ${formatHex(digest)}` });
  return ledgerLine('root', compared, outcome, {
    key: `${node.subjectName} (node ${formatHex(sha256(node.publicKey)).slice(0, 16)})`,
  });
}
