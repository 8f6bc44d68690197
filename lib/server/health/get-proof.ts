import { decodeUtf8 } from '@/lib/core/bytes';
import { formatBase64, formatBase64url } from '@/lib/core/encoding';
import { checkpointKeyOf } from '@/lib/integrity/checkpoint';
import { formatNoteKey } from '@/lib/integrity/note-key';
import { getConfig } from '../config';
import { getPool } from '../database/pool';
import { getCheckpoint } from '../log/get-checkpoint';
import { logSigner } from '../log/log-head';
import { listConsoleKeys } from './list-console-keys';

export interface Proof {
  log: { origin: string /** C2SP verifier key of the checkpoints. */; vkey: string; url: string };
  /** The latest signed checkpoint, verbatim; null before the log was opened. */
  checkpoint: string | null;
  /** Public keys in base64url, RFC 7638 thumbprints as ids. */
  keys: { keyid: string; purpose: string; publicKey: string; validFrom: string; retiredAt: string | null }[];
  /** Newest VALID receipt of each outside witness, in base64, over the signed checkpoint of that size. */
  receipts: { size: number; witness: string; type: string; receipt: string; verifiedAt: string }[];
  verify: string[];
}

/** What a stranger needs to check the log without trusting this console. */
export async function getProof(): Promise<Proof> {
  const [checkpoint, keys, receipts] = await Promise.all([
    getCheckpoint(),
    listConsoleKeys(),
    listReceipts(),
  ]);
  const signer = logSigner();
  const { origin } = getConfig();
  const note = checkpoint ? decodeUtf8(checkpoint.note) : null;
  return {
    log: { origin: signer.name, vkey: formatNoteKey(checkpointKeyOf(signer)), url: `${origin}/log` },
    checkpoint: note?.ok ? note.value : null,
    keys: keys.map(({ keyid, purpose, publicKey, validFrom, retiredAt }) => ({
      keyid,
      purpose,
      publicKey: formatBase64url(publicKey),
      validFrom: validFrom.toISOString(),
      retiredAt: retiredAt?.toISOString() ?? null,
    })),
    receipts,
    verify: verificationSteps(origin),
  };
}

async function listReceipts(): Promise<Proof['receipts']> {
  const rows = await getPool().query<{
    size: number;
    witness: string;
    type: string;
    receipt: Buffer;
    verified_at: Date;
  }>(
    `SELECT r.size, r.witness, r.type, r.receipt, r.verified_at FROM witnesses w
       CROSS JOIN LATERAL (SELECT * FROM receipts r WHERE r.witness = w.name AND r.state = 'complete'
         ORDER BY r.size DESC, r.n DESC LIMIT 1) AS r ORDER BY r.witness`,
  );
  return rows.rows.map(({ size, witness, type, receipt, verified_at }) => ({
    size,
    witness,
    type,
    receipt: formatBase64(receipt),
    verifiedAt: verified_at.toISOString(),
  }));
}

function verificationSteps(origin: string): string[] {
  return [
    'Keep the verifier key `log.vkey` and every checkpoint you ever saw: they are what you trust, not this page.',
    `Fetch ${origin}/log/checkpoint and verify its signature line with that key (C2SP signed-note, Ed25519).`,
    `Fetch ${origin}/log/tile/entries/000 and its successors (the last with .p/<width>): each entry is 0x01, u16be length and stream name, u64be position, 64-byte link. Its leaf is SHA-256(0x00 ‖ entry).`,
    `Compute the RFC 6962 root over all leaves and compare it with the third line of the checkpoint. The hashes are also published at ${origin}/log/tile/<level>/<n>.`,
    'Check that a checkpoint you kept is a prefix: the root over its first leaves must be the root it signed.',
    'For one record: digest = BLAKE2b-512 of its bytes; link = BLAKE2b-512("countersign/link/v1\\n" ‖ previous link ‖ u64be(position) ‖ digest); the link must be the one in its entry, and its signature must verify over the DSSE encoding of its payload with the producer’s key.',
    'For an outside witness: its receipt must fix SHA-256 of the signed checkpoint as first published. A log without receipts is unwitnessed: its operator could still have rewritten it before you first looked.',
  ];
}
