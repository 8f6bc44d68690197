import { getPool } from '../database/pool';
import type { KeyPurpose } from '../keys/key-directory';

export interface ConsoleKeyRow {
  keyid: string;
  purpose: KeyPurpose;
  /** 32 bytes. */
  publicKey: Uint8Array;
  validFrom: Date;
  retiredAt: Date | null;
}

/** The console's public keys, retired ones included, oldest first; of one purpose when given. */
export async function listConsoleKeys(purpose: KeyPurpose | null = null): Promise<ConsoleKeyRow[]> {
  const rows = await getPool().query<{
    keyid: string;
    purpose: KeyPurpose;
    public_key: Buffer;
    valid_from: Date;
    retired_at: Date | null;
  }>(
    `SELECT keyid, purpose, public_key, valid_from, retired_at FROM console_keys
     WHERE $1::text IS NULL OR purpose = $1 ORDER BY valid_from, purpose, keyid`,
    [purpose],
  );
  return rows.rows.map((row) => ({
    keyid: row.keyid,
    purpose: row.purpose,
    publicKey: new Uint8Array(row.public_key),
    validFrom: row.valid_from,
    retiredAt: row.retired_at,
  }));
}
