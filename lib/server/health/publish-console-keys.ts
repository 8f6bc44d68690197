import { nowMs as clockNowMs } from '../clock';
import { getConfig } from '../config';
import { getPool } from '../database/pool';
import { getSigningKey, KEY_PURPOSES } from '../keys/key-directory';

/** The demo invents history up to 90 days back and signs it today; its keys are valid from before that. */
const DEMO_HISTORY_MS = 100 * 86_400_000;

/**
 * Publishes the public halves of the console's keys, once each; they stay published for ever. They count from the
 * beginning of their first second, because what they sign says its time in whole seconds, rounded down (`iat`).
 */
export async function publishConsoleKeys({ nowMs = clockNowMs() } = {}): Promise<void> {
  const fromMs = nowMs - (getConfig().demo ? DEMO_HISTORY_MS : 0);
  const validFrom = new Date(Math.floor(fromMs / 1000) * 1000);
  for (const purpose of KEY_PURPOSES) {
    const { keyid, publicKey } = getSigningKey(purpose);
    await getPool().query(
      `INSERT INTO console_keys (keyid, purpose, public_key, valid_from) VALUES ($1, $2, $3, $4)
       ON CONFLICT (keyid) DO NOTHING`,
      [keyid, purpose, Buffer.from(publicKey), validFrom],
    );
  }
}
