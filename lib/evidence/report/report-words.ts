import type { Ending } from '../decision-story';
import type { EvidenceMark } from '../evidence-value';
import type { ExportPurpose } from '../package/manifest';

export const PURPOSE_WORDS: Readonly<Record<ExportPurpose, string>> = {
  'regulator-request': 'Request of a regulator',
  'court-proceedings': 'Court proceedings',
  'internal-audit': 'Internal audit',
  'external-audit': 'External audit',
  'data-subject-request': 'Request of a data subject',
  'incident-review': 'Review of an incident',
};

export const ENDING_SENTENCES: Readonly<Record<Ending, string>> = {
  allowed: 'The action was allowed.',
  refused: 'The action was refused.',
  deferred: 'The action was deferred.',
  waiting: 'A person was asked and has not decided yet.',
  approved: 'A person approved the action; no use of the approval is recorded.',
  denied: 'A person denied the action.',
  expired: 'A person was asked, and nobody decided in time.',
  cancelled: 'A person was asked, and the request was cancelled.',
  superseded: 'A person was asked, and another request took its place.',
  revoked: 'A person approved the action, and the approval was revoked.',
  executed: 'The action was carried out.',
  failed: 'The action was sent, and the other system refused it.',
  not_executed: 'The action was not carried out.',
  unknown: 'What became of the action is not recorded.',
};

export const MARK_WORDS: Readonly<Record<EvidenceMark, string>> = {
  attested: 'attested',
  rehashed: 're-hashed',
  inferred: 'inferred',
  missing: 'missing',
};

/** The words of the report for somebody who has never met them. */
export const GLOSSARY: readonly (readonly [term: string, meaning: string])[] = [
  [
    'Decision',
    'One thing that an AI system decided and that affects a person, a customer or a transaction, with what it knew when it decided.',
  ],
  [
    'Record',
    'The bytes in which something that happened was reported, signed by whoever reported it. A record is kept exactly as it arrived and is never rewritten.',
  ],
  [
    'Signature (Ed25519)',
    'A number that only the holder of a secret key can compute from exactly these bytes, and that anybody can check with the matching public key.',
  ],
  [
    'Digest (SHA-256, SHA3-512, BLAKE2b-512)',
    'A short number computed from bytes. Another content with the same digest cannot be found in practice, so equal digests mean equal contents.',
  ],
  [
    'Chain',
    'Every record of one source is tied to the one before it by a digest over both. Changing, removing or reordering an earlier record changes every later link.',
  ],
  [
    'Log and checkpoint',
    'All chains are entered in one log. A checkpoint is the log’s signed statement of its size and of one digest over all its entries. It can only grow: an entry that was in it cannot be taken out without the change showing.',
  ],
  [
    'Inclusion',
    'A short list of digests that leads from one entry to the digest in the checkpoint: it shows that the entry is in the log without showing the others.',
  ],
  [
    'Witness and receipt',
    'Somebody outside the organisation, such as a time-stamping authority, who confirmed having seen a checkpoint at a time. After that, even the organisation itself cannot put another history in its place unnoticed.',
  ],
  [
    'Approval token',
    'The signed permission that a person’s approval yields: for exactly one action, for one recipient, for minutes, usable once.',
  ],
  [
    'Attested, re-hashed, inferred, missing',
    'Attested: stands in signed bytes. Re-hashed: the content was digested again when this report was made and fits the signed digest. Inferred: follows from something else. Missing: should be there and is not.',
  ],
  [
    'VALID, INVALID, NOT CHECKED',
    'VALID: the values compared are the same. INVALID: they are not, and the line says where. NOT CHECKED: the comparison was not made, for the reason given; it says neither that the evidence is sound nor that it is not.',
  ],
];
