import type { LedgerCode } from '@/lib/integrity/witness/ccf/ledger-lines';

/** What each failed line of a ledger's receipt proves, in a sentence or two; never more than it proves. */
export const LEDGER_SENTENCES: Readonly<Record<LedgerCode, string>> = {
  ledger_too_large: 'The file is larger than any receipt of a ledger, so it was not read.',
  ledger_json: 'The receipt begins like JSON and is not strict JSON: it was cut off or changed.',
  ledger_shape: 'A part that every receipt of a ledger has is missing, or is there in two spellings.',
  ledger_proof_step:
    'A step of the proof does not say on which side its hash stands, or says both: what it leads to is left to whoever reads it.',
  ledger_proof_empty:
    'The proof has no steps, so it does not connect the transaction with anything that was signed.',
  ledger_certificate: 'A certificate in the receipt cannot be read as X.509.',
  ledger_claims: 'What the ledger is said to have recorded is not spelled as such ledgers spell it.',
  ledger_claims_mismatch:
    'What is said to have been recorded is not what the ledger bound into the transaction: it was changed, or belongs to another receipt.',
  ledger_stamp_absent:
    'The transaction recorded nothing that these bytes could be held against. It is a receipt, but not one over this file.',
  ledger_stamp_mismatch:
    'The ledger recorded something else than these bytes. Either the file was changed after it was recorded, or the two do not belong together.',
  ledger_node_mismatch: 'The receipt names another node than the one whose certificate it carries.',
  ledger_signature_invalid:
    'The node did not sign the root that this transaction and its proof lead to: one of the three was changed or belongs to another receipt.',
  ledger_chain_untrusted:
    'No pinned ledger vouches for the node that signed. Either it is of another ledger, or it is nobody’s.',
  cose_syntax: 'The file is no CBOR in the strict form that signatures need: it was cut off or changed.',
  cose_shape: 'The file is CBOR, and neither a signed statement nor a receipt of a ledger.',
  cose_certificate: 'The certificate that the statement carries cannot be read as X.509.',
  cose_certificate_mismatch: 'The statement names another certificate than the one that it carries.',
  cose_signature_invalid:
    'The bytes are not the ones that were signed, or another key signed them. Whoever changed them did not have the key.',
  cose_proof: 'The receipt’s proof cannot be read, so nothing connects the statement with the ledger.',
  cose_data_mismatch:
    'The ledger registered another statement than this one: it was changed after it was registered, or the receipt is of another.',
  cose_subject: 'The ledger signed this for another purpose than a receipt.',
};
