import { createHash } from 'node:crypto';
import { nowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { newRandomBytes } from '../random';

const LIFETIME_MS = 24 * 60 * 60_000;

/** SHA-256 of a link's secret: all that is stored of it. */
export function digestOfSecret(secret: Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}

/**
 * A one-time secret (32 random bytes, base64url) for founding the first organisation, good for 24 hours; an earlier one
 * stops working. Null when somebody real administers this console already.
 */
export async function createFirstLink({ nowMs: atMs = nowMs() } = {}): Promise<string | null> {
  const secret = newRandomBytes(32);
  return inTransaction(async (tx) => {
    const { rows } = await tx.query<{ founded: boolean }>(
      'SELECT EXISTS (SELECT FROM tenants WHERE NOT demo) AS founded',
    );
    if (rows[0]?.founded) return null;
    await tx.query('DELETE FROM one_time_links WHERE tenant IS NULL AND used_at IS NULL');
    await tx.query(
      "INSERT INTO one_time_links (secret_digest, tenant, role, expires_at) VALUES ($1, NULL, 'admin', $2)",
      [digestOfSecret(secret), new Date(atMs + LIFETIME_MS)],
    );
    return Buffer.from(secret).toString('base64url');
  });
}
