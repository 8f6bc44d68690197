/**
 * `kill -9` of the app, and of the database, at random moments under load. What was acknowledged must be there
 * afterwards, no two checkpoints that anybody ever saw may contradict each other, and every restart must need no hand.
 */
import { createGateway } from '@/lib/gateway/create-gateway';
import { publishConsoleKeys } from '@/lib/server/health/publish-console-keys';
import { getLogMaterial } from '@/lib/server/integrity/list-stream-material';
import { openLog } from '@/lib/server/log/open-log';
import { signInAs } from '@/lib/server/testing/sign-in-as';
import { createTestProducer } from '@/lib/server/testing/test-producer';
import { readVerifier } from '../reference/signed-note';
import { createOrganisation } from '../routes/world';
import { type AppProcess, startAppProcess } from './app-process';
import { approvePayment } from './approval-cycle';
import { type Audit, audit } from './audit';
import { openDrillConsole } from './drill-console';
import { approvePayments, type Promised, sendRecords, watchCheckpoints } from './drill-load';

export interface KillDrill {
  kills: number;
  /** Of those, how many took the database along. */
  databaseKills: number;
  audit: Audit;
}

const PRODUCERS = 4;
/** Longest time between a start and the next kill. */
const MAX_LIFE_MS = 700;
const SETTLE_MS = 3_000;

/**
 * @param options.kills how often
 * @param options.databaseEvery every how many kills the database dies with the app
 * @param options.random 0 to 1, when to kill
 */
export async function runKillDrill(options: {
  kills: number;
  databaseEvery: number;
  random: () => number;
  progress?: (done: number) => void;
}): Promise<KillDrill> {
  const console = await openDrillConsole();
  let app: AppProcess | null = null;
  try {
    await openLog();
    await publishConsoleKeys();
    const bank = await createOrganisation('bank');
    const producers = await Promise.all(
      Array.from({ length: PRODUCERS }, () => createTestProducer(bank.tenant)),
    );
    const log = readVerifier(getLogMaterial().vkey);
    const reviewer = { headers: await signInAs(bank.members.reviewer.id, bank.tenant) };
    app = await startAppProcess(console.port, console.env);
    const jwks = await (await fetch(`${console.origin}/.well-known/jwks.json`)).json();
    const { id: producerId, seed } = bank.gateway;
    const gateway = createGateway({ origin: console.origin, producerId, seed, jwks });

    const promised: Promised = { records: new Map(), moved: [], approvals: [], checkpoints: [] };
    let over = false;
    const stopped = () => over;
    const load = [
      ...producers.map((producer) =>
        sendRecords(console.origin, { ...producer, stream: producer.id }, promised, stopped),
      ),
      approvePayments(() => approvePayment(gateway, reviewer, console.origin), promised, stopped),
      watchCheckpoints(console.origin, log, promised, stopped),
    ];
    let databaseKills = 0;
    for (let n = 1; n <= options.kills; n++) {
      await pause(options.random() * MAX_LIFE_MS);
      const both = n % options.databaseEvery === 0;
      if (both) {
        databaseKills++;
        await console.killDatabase();
        await pause(options.random() * 100);
      }
      await app.kill();
      if (both) await console.startDatabase();
      app = await startAppProcess(console.port, console.env);
      options.progress?.(n);
    }
    await pause(SETTLE_MS);
    over = true;
    await Promise.all(load);
    await pause(SETTLE_MS);
    return {
      kills: options.kills,
      databaseKills,
      audit: await audit(console.origin, console.ownerUrl, log, promised),
    };
  } finally {
    await app?.kill();
    await console.stop();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
