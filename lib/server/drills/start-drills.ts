import { nowMs } from '../clock';
import { getPool } from '../database/pool';
import { describeError } from '../describe-error';
import { sharedSingleton } from '../shared-singleton';
import { planDrills } from './plan-by-policy';
import { surfaceDrills } from './surface-drill';

const EVERY_MS = 20_000;

/** Plans and shows drills for as long as the process lives. Calling it again changes nothing. */
export function startDrills(): void {
  sharedSingleton('drills', () => {
    let stopped = false;
    let timer: NodeJS.Timeout;
    const tick = async () => {
      try {
        await planDrills({ nowMs: nowMs() });
        const due = await getPool().query<{ tenant: string }>(
          `SELECT DISTINCT tenant FROM drills WHERE state = 'planned' AND surfaces_at <= $1`,
          [new Date(nowMs())],
        );
        for (const { tenant } of due.rows) await surfaceDrills(tenant, { nowMs: nowMs() });
      } catch (error) {
        // A drill that comes later is no harm; real work goes on.
        console.error('drills failed', describeError(error));
      }
      if (!stopped) timer = setTimeout(tick, EVERY_MS).unref();
    };
    timer = setTimeout(tick, EVERY_MS).unref();
    process.once('SIGTERM', () => {
      stopped = true;
      clearTimeout(timer);
    });
    return true;
  });
}
