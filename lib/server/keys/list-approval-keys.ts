import type { TokenKey } from '@/lib/tokens/jwks';
import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';
import { listConsoleKeys } from '../health/list-console-keys';
import { getSigningKey } from './key-directory';

/**
 * The keys under which a token still counts: the current one (which may not be published yet), and those retired in
 * good order for what they signed while they were in force. One that was stolen counts for nothing.
 */
export async function listApprovalKeys(tx: Tx = getPool()): Promise<TokenKey[]> {
  const published = await listConsoleKeys('approval', tx);
  const current = getSigningKey('approval');
  const usable = published
    .filter(({ compromised }) => !compromised)
    .map(({ keyid, publicKey, validFrom, retiredAt }) => ({
      kid: keyid,
      publicKey,
      notBeforeMs: validFrom.getTime(),
      ...(retiredAt ? { notAfterMs: retiredAt.getTime() } : {}),
    }));
  const isKnown = published.some(({ keyid }) => keyid === current.keyid);
  const own = { kid: current.keyid, publicKey: current.publicKey };
  return isKnown
    ? usable.map((key) => (key.kid === current.keyid && !key.notAfterMs ? own : key))
    : [own, ...usable];
}
