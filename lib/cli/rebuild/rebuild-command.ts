import { endPools } from '@/lib/server/database/end-pools';
import { rebuildProjections } from '@/lib/server/records/rebuild';
import { withDatabase } from '../console/with-database';
import { withProgress } from '../progress';

/** `countersign rebuild`: derives everything that is searched and counted from the records again. */
export async function rebuildCommand(): Promise<number> {
  return withDatabase(false, async () => {
    const records = await withProgress('Rebuilding from the records', (note) =>
      rebuildProjections((done) => note(`${done} records`)),
    );
    await endPools();
    console.log(`${records} records read.`);
    return 0;
  });
}
