import { endPools } from '@/lib/server/database/end-pools';
import { ServiceError } from '@/lib/server/errors';
import { recoverLog } from '@/lib/server/log/recover-log';
import { withDatabase } from '../console/with-database';
import { Refusal } from '../refusal';

/** `countersign log recover`: starts a halted log again, if everything it signed is what its entries give. */
export async function logCommand(args: string[]): Promise<number> {
  if (args.length !== 1 || args[0] !== 'recover') throw new Refusal('Usage: countersign log recover');
  return withDatabase(false, async () => {
    try {
      const { haltedCode, size, checkpoints } = await recoverLog('cli');
      console.log(
        `Recomputed ${size} entries and ${checkpoints} checkpoints: all fit. The log runs again; it had halted with ${haltedCode}.`,
      );
      return 0;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new Refusal(error.detail ?? error.code);
    } finally {
      await endPools();
    }
  });
}
