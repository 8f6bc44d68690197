import type { WitnessType } from '@/lib/integrity/witness/witness-report';
import type { TrustRootKind } from './trust/trust-root';

/** What each kind of receipt is called, and which kinds of root it can rest on. */
export const WITNESS_WORDS: Readonly<
  Record<WitnessType, { title: string; roots: readonly TrustRootKind[]; settledBy: string }>
> = {
  rfc3161: {
    title: 'RFC 3161 time stamp',
    roots: ['timestamp-authority'],
    settledBy: 'the root certificate of the time-stamping authority (PEM or DER)',
  },
  opentimestamps: {
    title: 'OpenTimestamps',
    roots: ['bitcoin-header'],
    settledBy: 'the header of the Bitcoin block that it names',
  },
  worm: {
    title: 'Write-once object',
    roots: ['store-audit-key'],
    settledBy: 'the public key under which the store signs its audit trail',
  },
  ccf: {
    title: 'Ledger receipt',
    roots: ['ledger-service', 'ledger-key'],
    settledBy: 'the service certificate of the ledger (PEM), or its key set',
  },
  rekor: {
    title: 'Rekor entry',
    roots: ['rekor-log', 'anchor-key'],
    settledBy: "Sigstore's trusted_root.json, or the log's public key",
  },
  c2sp: {
    title: 'Witness cosignature',
    roots: ['witness'],
    settledBy: "the witness's note key (a vkey line)",
  },
};
