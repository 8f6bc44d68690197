import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';
import type { KeyPurpose } from '../keys/key-directory';

export interface ConsoleKeyRow {
  keyid: string;
  purpose: KeyPurpose;
  /** 32 bytes. */
  publicKey: Uint8Array;
  validFrom: Date;
  retiredAt: Date | null;
  /** Retired because somebody else may hold it: tokens it signed count for nothing any more. */
  compromised: boolean;
}

/** The console's public keys, retired ones included, oldest first; of one purpose when given. */
export async function listConsoleKeys(
  purpose: KeyPurpose | null = null,
  tx: Tx = getPool(),
): Promise<ConsoleKeyRow[]> {
  const rows = await tx.query<{
    keyid: string;
    purpose: KeyPurpose;
    public_key: Buffer;
    valid_from: Date;
    retired_at: Date | null;
    compromised: boolean;
  }>(
    `SELECT k.keyid, k.purpose, k.public_key, k.valid_from, r.retired_at, coalesce(r.compromised, false) AS compromised
       FROM console_keys k LEFT JOIN console_key_retirements r ON r.keyid = k.keyid
      WHERE $1::text IS NULL OR k.purpose = $1 ORDER BY k.valid_from, k.purpose, k.keyid`,
    [purpose],
  );
  return rows.rows.map((row) => ({
    keyid: row.keyid,
    purpose: row.purpose,
    publicKey: new Uint8Array(row.public_key),
    validFrom: row.valid_from,
    retiredAt: row.retired_at,
    compromised: row.compromised,
  }));
}
