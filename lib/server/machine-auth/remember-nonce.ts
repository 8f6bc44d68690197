import { getPool } from '../database/pool';
import { sharedSingleton } from '../shared-singleton';

/** A nonce outlives the last instant at which its signature could pass the window, on the slowest of our clocks. */
const REMEMBERED_S = 180;
const SWEEP_EVERY_MS = 30_000;

/**
 * Remembers a signature's nonce, durably and for every process of this console.
 * @returns false when this key has used the nonce before: the request is a replay
 */
export async function rememberNonce(
  signature: { keyid: string; nonce: string; createdS: number },
  nowMs: number,
): Promise<boolean> {
  const inserted = await getPool().query({
    name: 'remember-nonce',
    text: 'INSERT INTO nonces (keyid, nonce, expires_at) VALUES ($1, $2, to_timestamp($3)) ON CONFLICT DO NOTHING',
    values: [signature.keyid, signature.nonce, signature.createdS + REMEMBERED_S],
  });
  await sweep(nowMs);
  return inserted.rowCount === 1;
}

async function sweep(nowMs: number): Promise<void> {
  const last = sharedSingleton('nonce-sweep', () => ({ atMs: 0 }));
  if (nowMs - last.atMs < SWEEP_EVERY_MS) return;
  last.atMs = nowMs;
  await getPool().query('DELETE FROM nonces WHERE expires_at < to_timestamp($1)', [nowMs / 1000]);
}
