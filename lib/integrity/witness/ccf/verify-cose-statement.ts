import { equalBytes } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { formatInstant } from '@/lib/core/instant';
import { type Check, overallVerdict } from '@/lib/integrity/check';
import { isCborArray } from '@/lib/integrity/witness/ccf/cbor';
import type { PinnedLedgers } from '@/lib/integrity/witness/ccf/check-ledger-chain';
import { checkIssuer } from '@/lib/integrity/witness/ccf/check-statement-issuer';
import { type CoseReceipt, isReceipt, parseCoseReceipt } from '@/lib/integrity/witness/ccf/cose-receipt';
import {
  type CoseSign1,
  formatSignedStatement,
  HEADER,
  parseCoseSign1,
  verifyCoseSign1,
} from '@/lib/integrity/witness/ccf/cose-sign1';
import { ledgerLine } from '@/lib/integrity/witness/ccf/ledger-lines';
import { transactionOf } from '@/lib/integrity/witness/ccf/ledger-tree';
import { MAX_LEDGER_RECEIPT_BYTES } from '@/lib/integrity/witness/ccf/parse-ledger-receipt';
import { invalid, notChecked, VALID } from '@/lib/integrity/witness/line-outcome';
import { digestOfStamped, isStamped } from '@/lib/integrity/witness/stamped-digest';
import {
  type DigestAlgorithm,
  reportWitness,
  type Stamped,
  type WitnessReport,
} from '@/lib/integrity/witness/witness-report';

const FORM = 'the bytes with the form of a COSE signed statement';
const SIGNED_ROOT_SUBJECT = 'scitt.ccf.signature.v1';
const MAX_RECEIPTS = 16;
/** COSE algorithm numbers of hashes (RFC 9054 §2.1). */
const PAYLOAD_HASHES: ReadonlyMap<unknown, DigestAlgorithm> = new Map([
  [-16, 'sha-256'],
  [-43, 'sha-384'],
  [-44, 'sha-512'],
]);

/** What one receipt shows, and what it rests on. */
interface Registration {
  readonly check: Check;
  readonly issuedAtS: number | null;
  readonly ledger: string | null;
}

/** See `verifyLedgerReceipt`. Takes a transparent statement, or one receipt without its statement. */
export async function verifyCoseStatement(
  bytes: Uint8Array,
  stamped: Stamped | null,
  pinned: PinnedLedgers,
): Promise<WitnessReport> {
  const parsed: ReturnType<typeof parseCoseSign1> | { ok: false; code: 'ledger_too_large'; detail?: string } =
    bytes.length > MAX_LEDGER_RECEIPT_BYTES ? { ok: false, code: 'ledger_too_large' } : parseCoseSign1(bytes);
  if (!parsed.ok) {
    const held = parsed.detail === undefined ? {} : { computed: parsed.detail };
    return reportWitness([ledgerLine('statement', FORM, invalid(parsed.code, held))]);
  }
  const statement = parsed.value;
  if (isReceipt(statement)) return await verifyLoneReceipt(bytes, stamped, pinned);
  const digest = sha256(formatSignedStatement(statement));
  const receipts = readReceipts(statement);
  const registrations = receipts
    ? await Promise.all(receipts.map((receipt, i) => checkRegistration(receipt, i, digest, pinned)))
    : null;
  const checks = [
    ledgerLine('statement', FORM, VALID),
    ...(stamped ? [checkPayload(statement, stamped)] : []),
    await checkIssuer(statement),
    ...(registrations ?? []).map(({ check }) => check),
  ];
  if (!registrations || registrations.length === 0) {
    const outcome = registrations ? notChecked('the statement carries no receipt') : invalid('cose_shape');
    checks.push(ledgerLine('registration', 'the receipts of the statement with pinned ledgers', outcome));
  }
  return reportRegistrations(checks, registrations ?? []);
}

/** A receipt alone says which digest was registered; the statement that it is of must be compared by whoever has it. */
async function verifyLoneReceipt(
  bytes: Uint8Array,
  stamped: Stamped | null,
  pinned: PinnedLedgers,
): Promise<WitnessReport> {
  const digest = stamped && digestOfStamped(stamped, 'sha-256');
  const registration = await checkRegistration(bytes, 0, digest, pinned);
  return reportRegistrations([registration.check], [registration]);
}

function reportRegistrations(
  checks: readonly Check[],
  registrations: readonly Registration[],
): WitnessReport {
  const shown = registrations.filter(({ check }) => check.verdict === 'valid');
  const times = shown.flatMap(({ issuedAtS }) => (issuedAtS === null ? [] : [issuedAtS]));
  return reportWitness(checks, {
    witnessedAtMs: times.length > 0 ? Math.min(...times) * 1000 : null,
    witness: shown[0]?.ledger ?? null,
  });
}

/** Null where header 394 is there and no list of byte strings. */
function readReceipts({ unprotectedHeader }: CoseSign1): Uint8Array[] | null {
  const list = unprotectedHeader.get(HEADER.receipts);
  if (list === undefined) return [];
  if (!isCborArray(list) || list.length > MAX_RECEIPTS) return null;
  const receipts = list.flatMap((one) => (one instanceof Uint8Array ? [one] : []));
  return receipts.length === list.length ? receipts : null;
}

function checkPayload({ payload, protectedHeader }: CoseSign1, stamped: Stamped): Check {
  const hash = PAYLOAD_HASHES.get(protectedHeader.get(HEADER.payloadHash));
  const isEnvelope = protectedHeader.has(HEADER.payloadHash);
  const compared = isEnvelope
    ? 'the digest that the statement is about with that of the stamped bytes'
    : 'the content of the statement with the stamped bytes';
  if (!payload) return ledgerLine('stamp', compared, notChecked('the statement does not carry its content'));
  if (!isEnvelope) {
    const outcome = isStamped(stamped, payload) ? VALID : invalid('ledger_stamp_mismatch');
    return ledgerLine('stamp', compared, outcome);
  }
  const digest = hash && digestOfStamped(stamped, hash);
  if (!digest) {
    return ledgerLine(
      'stamp',
      compared,
      notChecked('the statement names another hash than the digest at hand'),
    );
  }
  const [expected, computed] = [formatHex(digest), formatHex(payload).slice(0, 128)];
  const outcome = expected === computed ? VALID : invalid('ledger_stamp_mismatch', { expected, computed });
  return ledgerLine('stamp', compared, outcome);
}

/** One line for one receipt, with what was held against what inside. `digest` is null where nobody knows it. */
async function checkRegistration(
  bytes: Uint8Array,
  index: number,
  digest: Uint8Array | null,
  pinned: PinnedLedgers,
): Promise<Registration> {
  const compared = `receipt ${index + 1} with the statement and a pinned ledger`;
  const parsed = parseCoseReceipt(bytes);
  if (!parsed.ok) {
    const outcome =
      parsed.code === 'receipt_unsupported'
        ? notChecked(`unsupported kind of receipt: ${parsed.detail ?? 'unknown'}`)
        : invalid(parsed.code, parsed.detail === undefined ? {} : { computed: parsed.detail });
    return { check: ledgerLine('registration', compared, outcome), issuedAtS: null, ledger: null };
  }
  const receipt = parsed.value;
  const root = await checkSignedRoot(receipt, pinned);
  const details = [checkData(receipt, digest), root];
  const verdict = overallVerdict(details);
  const ledger = root.verdict === 'valid' ? describeLedger(receipt) : null;
  const worst = details.find((detail) => detail.verdict === verdict);
  const outcome =
    verdict === 'valid'
      ? VALID
      : verdict === 'invalid'
        ? invalid((worst?.code ?? 'cose_proof') as 'cose_proof')
        : notChecked(worst?.reason ?? 'nothing could be compared');
  return {
    check: ledgerLine('registration', compared, outcome, {
      ...(root.key ? { key: root.key } : {}),
      ...(root.root ? { root: root.root } : {}),
      details,
    }),
    issuedAtS: receipt.issuedAtS,
    ledger,
  };
}

function checkData({ proofs }: CoseReceipt, digest: Uint8Array | null): Check {
  const compared = 'the digest in the ledger with that of the statement as its signer made it';
  if (!digest) {
    const reason = 'the statement that was registered is not here';
    return ledgerLine('registration.data', compared, notChecked(reason));
  }
  const other = proofs.find(({ leaf }) => !equalBytes(leaf.claimsDigest, digest));
  const outcome = other
    ? invalid('cose_data_mismatch', {
        expected: formatHex(other.leaf.claimsDigest),
        computed: formatHex(digest),
      })
    : VALID;
  return ledgerLine('registration.data', compared, outcome);
}

async function checkSignedRoot(receipt: CoseReceipt, pinned: PinnedLedgers): Promise<Check> {
  const { message, keyId, proofs, subject, issuedAtS } = receipt;
  const when = issuedAtS === null ? '' : `, issued ${formatInstant(issuedAtS * 1000)}`;
  const compared = `the signature with the root that the proof gives${when}`;
  const ledger = pinned.find(({ publicKey }) => equalBytes(sha256(publicKey), keyId));
  if (!ledger) {
    const reason = `no ledger with the key ${formatHex(keyId).slice(0, 16)}… is pinned`;
    return ledgerLine('registration.root', compared, notChecked(reason));
  }
  const { name, fingerprint } = ledger;
  const trust = { key: name, root: { name, fingerprint } };
  if (subject !== null && subject !== SIGNED_ROOT_SUBJECT) {
    const held = { expected: SIGNED_ROOT_SUBJECT, computed: subject };
    return ledgerLine('registration.root', compared, invalid('cose_subject', held), trust);
  }
  for (const { root } of proofs) {
    const isValid = await verifyCoseSign1(message, ledger.publicKey, root);
    if (isValid === undefined) {
      const reason = 'the signature algorithm is not known here';
      return ledgerLine('registration.root', compared, notChecked(reason), trust);
    }
    if (!isValid) {
      const computed = `root ${formatHex(root)}`;
      return ledgerLine(
        'registration.root',
        compared,
        invalid('cose_signature_invalid', { computed }),
        trust,
      );
    }
  }
  return ledgerLine('registration.root', compared, VALID, trust);
}

function describeLedger({ issuer, proofs }: CoseReceipt): string {
  const transaction = proofs[0] && transactionOf(proofs[0].leaf.commitEvidence);
  return `${issuer ?? 'a CCF ledger'}${transaction ? `, transaction ${transaction}` : ''}`;
}
