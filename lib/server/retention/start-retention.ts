import { getConfig } from '../config';
import { startLoop } from '../jobs/start-loop';
import { rekeyPayloads } from '../payloads/rekey-payloads';
import { finishRewrapping } from '../vault/rotate-key-encryption';
import { runRetention } from './run-retention';

/**
 * Executes the retention schedules, and finishes what a change of keys began. What is due stands in the rows. Each has a
 * loop of its own: keys that cannot be had keep nothing from being deleted.
 */
export function startRetention(): void {
  const everyMs = getConfig().retentionSeconds * 1_000;
  let rekeyed = false;
  startLoop('keys of payloads', everyMs, async () => {
    if (!rekeyed) await rekeyPayloads();
    rekeyed = true;
  });
  // A rotation may be cut short in another process at any time.
  startLoop('key rotation', everyMs, () => finishRewrapping('console'));
  startLoop('retention', everyMs, () => runRetention());
}
