import type { SeededRandom } from './seeded-random';
import type { DemoSite } from './set-up-demo';
import type { Timeline } from './timeline';
import type { WaitingTasks } from './waiting-tasks';

/** Everything one scenario needs while its history is played. */
export interface HistoryStage {
  site: DemoSite;
  timeline: Timeline;
  random: SeededRandom;
  waiting: WaitingTasks;
  /** Now: what would end later than this is left waiting for people. */
  endMs: number;
  /** Queues a signed record for the next batch. */
  record(envelope: Uint8Array): Promise<void>;
  flush(): Promise<void>;
}

/** The site's gateway as an authenticated caller. */
export function callerOf(site: DemoSite) {
  const { gateway, tenant } = site.scenario;
  const key = site.keys.get(gateway);
  if (!key) throw new Error(`The scenario names an unknown gateway ${gateway}.`);
  return { producerId: gateway, tenant, kind: 'gateway', keyid: key.keyid, publicKey: key.publicKey };
}
