import type { WitnessType } from '@/lib/integrity/witness/witness-report';
import { WITNESS_WORDS } from '../witness-words';

/** What a dropped file can be. A witness's receipt is named by its type. */
export type ArtefactKind =
  | WitnessType
  | 'package'
  | 'token'
  | 'record'
  | 'checkpoint'
  | 'checkpoint-update'
  | 'proof'
  | 'cer'
  | 'trust'
  | 'unknown';

/** What each kind is called, and the ending of its usual file name. */
export const ARTEFACT_WORDS: Readonly<Record<ArtefactKind, { title: string; ending: string }>> = {
  package: { title: 'Evidence package', ending: '.evidence.zip' },
  token: { title: 'Approval token', ending: '.jws' },
  record: { title: 'Record', ending: '.dsse.json' },
  checkpoint: { title: 'Checkpoint', ending: '.note' },
  'checkpoint-update': { title: 'Checkpoint with its growth', ending: '.add-checkpoint' },
  proof: { title: 'Proof of inclusion', ending: '.tlog-proof' },
  cer: { title: 'Certified Execution Record', ending: '.cer.json' },
  trust: { title: 'Keys to pin', ending: '.trust.json' },
  unknown: { title: 'Unknown file', ending: '' },
  rfc3161: { title: WITNESS_WORDS.rfc3161.title, ending: '.tsr' },
  opentimestamps: { title: WITNESS_WORDS.opentimestamps.title, ending: '.ots' },
  worm: { title: WITNESS_WORDS.worm.title, ending: '.worm.json' },
  ccf: { title: WITNESS_WORDS.ccf.title, ending: '.ccf.json' },
  rekor: { title: WITNESS_WORDS.rekor.title, ending: '.rekor.json' },
  c2sp: { title: WITNESS_WORDS.c2sp.title, ending: '.cosignature' },
};
