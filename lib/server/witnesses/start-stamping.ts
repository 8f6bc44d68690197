import { startWorker, type Worker } from '../jobs/start-worker';
import { sharedSingleton } from '../shared-singleton';
import { claimJob } from './claim-job';
import { runJob } from './run-job';
import { scheduleStamps } from './schedule-stamps';

/** Asks the witnesses from this process until `stop`. */
export function startStamping(): Worker {
  return sharedSingleton('stamping', () =>
    startWorker({
      name: 'witnesses',
      schedule: scheduleStamps,
      claim: async (nowMs) => {
        const job = await claimJob(nowMs);
        return job && ((signal) => runJob(job, { signal }));
      },
    }),
  );
}
