import { nowMs } from '../clock';
import { getPool } from '../database/pool';
import { startLoop } from '../jobs/start-loop';
import { planDrills } from './plan-by-policy';
import { surfaceDrills } from './surface-drill';

const EVERY_MS = 20_000;

/** Plans and shows drills. One that comes late is no harm. */
export function startDrills(): void {
  startLoop('planning drills', EVERY_MS, () => planDrills({ nowMs: nowMs() }));
  startLoop('showing drills', EVERY_MS, surfaceDue);
}

async function surfaceDue(): Promise<void> {
  const due = await getPool().query<{ tenant: string }>(
    `SELECT DISTINCT tenant FROM drills WHERE state = 'planned' AND surfaces_at <= $1`,
    [new Date(nowMs())],
  );
  for (const { tenant } of due.rows) await surfaceDrills(tenant, { nowMs: nowMs() });
}
