import { getConfig } from '../config';
import { startLoop } from '../jobs/start-loop';
import { rekeyPayloads } from '../payloads/rekey-payloads';
import { finishRewrapping } from '../vault/rotate-key-encryption';
import { runRetention } from './run-retention';

/** Executes the retention schedules, and finishes what a change of keys began. What is due stands in the rows. */
export function startRetention(): void {
  let keysDone = false;
  startLoop('retention', getConfig().retentionSeconds * 1_000, async () => {
    if (!keysDone) {
      await rekeyPayloads();
      await finishRewrapping('console');
      keysDone = true;
    }
    await runRetention();
  });
}
