import { formatBase64url } from '@/lib/core/encoding';
import { formatInstant } from '@/lib/core/instant';
import { nowMs as clockNowMs } from '../clock';
import { getConfig } from '../config';
import { inTransaction, type Tx } from '../database/transaction';
import { newId, newRandomBytes } from '../random';
import { journal } from '../records/journal';
import { finishRotations } from './finish-rotations';
import { getSigningKey, type SigningKey, signingKeyOf } from './key-directory';
import { keepSecret, writeSecret } from './key-files';
import { lockRotations } from './lock-rotations';
import type { RotatablePurpose } from './rotatable';

/** Work under way when a key ends may still finish with it. */
const GRACE_MS = 300_000;
/** A new key counts from a little before it exists: work that began under the old one may end under this one. */
const OVERLAP_MS = 60_000;
/** After a theft only what is being written at this moment may. */
const COMPROMISED_GRACE_MS = 10_000;

export interface Rotation {
  keyid: string;
  retired: string;
  retiredAt: string;
}

/**
 * Puts a new key into force and retires the one before; both stay published for ever. The new file stands before the
 * commit, the exchange follows it, and an interruption between is finished by the next start (`finishRotations`). What
 * a retired approval key signed stays good for its minutes, unless the key is `compromised`: then nothing it signed is
 * redeemed from now on. Every organisation's journal tells of it, under the new journal key when that is what changed.
 */
export async function rotateKey(
  input: {
    purpose: RotatablePurpose;
    compromised: boolean;
    /** Person id, or `cli`. */ by: string;
  },
  { nowMs = clockNowMs() } = {},
): Promise<Rotation> {
  const { purpose, compromised } = input;
  const { dataDirectory } = getConfig();
  const next = signingKeyOf(purpose, newRandomBytes(32));
  const retiredAtMs = nowMs + (compromised ? COMPROMISED_GRACE_MS : GRACE_MS);
  const old = await inTransaction(async (tx) => {
    await lockRotations(tx);
    await finishRotations(tx);
    const current = getSigningKey(purpose);
    writeSecret(dataDirectory, `${purpose}.${next.keyid}.next`, next.seed);
    if (purpose === 'approval')
      keepSecret(dataDirectory, 'approval.ed25519', `approval.${current.keyid}.retired`);
    await insertKey(tx, current, nowMs);
    await insertKey(tx, next, nowMs - OVERLAP_MS);
    await tx.query(
      'INSERT INTO console_key_retirements (keyid, retired_at, compromised) VALUES ($1, $2, $3)',
      [current.keyid, new Date(retiredAtMs), compromised],
    );
    await journalRotation(tx, { ...input, current, next, retiredAtMs, nowMs });
    return current;
  });
  await inTransaction(async (tx) => {
    await lockRotations(tx);
    await finishRotations(tx);
  });
  return { keyid: next.keyid, retired: old.keyid, retiredAt: formatInstant(retiredAtMs) };
}

/** From the beginning of that second: `iat` is in whole seconds, rounded down. */
async function insertKey(tx: Tx, key: SigningKey, validFromMs: number): Promise<void> {
  await tx.query(
    `INSERT INTO console_keys (keyid, purpose, public_key, valid_from) VALUES ($1, $2, $3, $4)
     ON CONFLICT (keyid) DO NOTHING`,
    [key.keyid, key.purpose, Buffer.from(key.publicKey), new Date(Math.floor(validFromMs / 1000) * 1000)],
  );
}

async function journalRotation(
  tx: Tx,
  told: {
    purpose: RotatablePurpose;
    compromised: boolean;
    by: string;
    current: SigningKey;
    next: SigningKey;
    retiredAtMs: number;
    nowMs: number;
  },
): Promise<void> {
  const { purpose, compromised, by, current, next, nowMs } = told;
  const tenants = await tx.query<{ id: string }>('SELECT id FROM tenants ORDER BY id');
  const signer = purpose === 'journal' ? next : undefined;
  for (const { id: tenant } of tenants.rows) {
    await journal(
      tx,
      {
        tenant,
        kind: 'key.added',
        id: newId('rec', nowMs),
        body: { purpose, keyid: next.keyid, public_key: formatBase64url(next.publicKey), by },
        occurredAtMs: nowMs,
      },
      { signer },
    );
    await journal(
      tx,
      {
        tenant,
        kind: 'key.retired',
        id: newId('rec', nowMs),
        body: {
          purpose,
          keyid: current.keyid,
          retired_at: formatInstant(told.retiredAtMs),
          compromised,
          by,
        },
        occurredAtMs: nowMs,
      },
      { signer },
    );
  }
}
