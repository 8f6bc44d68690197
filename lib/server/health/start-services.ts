import { startAlerts } from '../alerts/start-alerts';
import { startConditions } from '../conditions/start-conditions';
import { inTransaction } from '../database/transaction';
import { startDrills } from '../drills/start-drills';
import { startExpiry } from '../escalations/start-expiry';
import { finishRotations } from '../keys/finish-rotations';
import { lockRotations } from '../keys/lock-rotations';
import { startSequencer } from '../log/start-sequencer';
import { startNotifying } from '../notifications/start-notifying';
import { startFolding } from '../records/start-folding';
import { startLateMarks } from '../records/start-late-marks';
import { startRetention } from '../retention/start-retention';
import { sharedSingleton } from '../shared-singleton';
import { startStamping } from '../witnesses/start-stamping';
import { publishConsoleKeys } from './publish-console-keys';

const RETRY_MS = 1_000;

/** Starts this process's background work; calling it again changes nothing. SIGTERM lets a pass that runs finish. */
export function startServices(): void {
  sharedSingleton('services', () => {
    const sequencer = startSequencer();
    startExpiry();
    startLateMarks();
    startFolding();
    startConditions();
    startAlerts();
    startDrills();
    startRetention();
    const stamping = startStamping();
    const notifying = startNotifying();
    process.once('SIGTERM', () => {
      void sequencer.stop();
      void stamping.stop();
      void notifying.stop();
    });
    void keepTrying(async () => {
      await inTransaction(async (tx) => {
        await lockRotations(tx);
        await finishRotations(tx);
      });
      await publishConsoleKeys();
    });
    return true;
  });
}

/** The database may come up after the console does. */
async function keepTrying(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      console.warn('console keys not yet published:', (error as Error).message);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  }
}
