import { DECIDING_ROLES, holdsRole } from '@/lib/identity/permissions';
import { getPool } from '@/lib/server/database/pool';
import { inTransaction } from '@/lib/server/database/transaction';
import { planDrill } from '@/lib/server/drills/plan-drill';
import { surfaceDrills } from '@/lib/server/drills/surface-drill';
import { ServiceError } from '@/lib/server/errors';
import { expireEscalation } from '@/lib/server/escalations/expire';
import { getDetail } from '@/lib/server/escalations/get-detail';
import { DAY_MS } from './day-ms';
import type { HistoryStage } from './history-stage';
import { type Reading, readAndDecide } from './read-and-decide';

/** About two a week, the last one shortly before now, so that the next waits for its share of real cases. */
const EVERY_MS = 3.4 * DAY_MS;
const LAST_BEFORE_MS = 3 * 3_600_000;
const WITHIN_MINUTES = 20;

/** Plans drills of the past, made, shown and answered by the verbs that do so from now on. */
export function planPastDrills(stage: HistoryStage, fromMs: number): void {
  for (let atMs = stage.endMs - LAST_BEFORE_MS; atMs > fromMs + 7 * DAY_MS; atMs -= EVERY_MS) {
    stage.timeline.at(Math.round(atMs), (nowMs) => playDrill(stage, nowMs));
  }
}

async function playDrill(stage: HistoryStage, nowMs: number): Promise<void> {
  const { tenant } = stage.site.scenario;
  const known = stage.random.chance(0.7) ? 'bad' : 'good';
  const id = await inTransaction((tx) =>
    planDrill(tx, tenant, { known, withinMinutes: WITHIN_MINUTES }, { by: null, nowMs }),
  );
  if (!id) return;
  stage.timeline.at(nowMs + WITHIN_MINUTES * 60_000, async (atMs) => {
    await surfaceDrills(tenant, { nowMs: atMs });
    const shown = await getPool().query<{ escalation: string; expires_at: Date }>(
      'SELECT d.escalation, e.expires_at FROM drills d JOIN escalations e ON e.id = d.escalation WHERE d.id = $1',
      [id],
    );
    const [drill] = shown.rows;
    if (!drill) return;
    await answer(stage, drill.escalation, known, atMs);
    // What nobody answered ends in its time, as everything does.
    stage.timeline.at(drill.expires_at.getTime(), async (endMs) => {
      await expireEscalation({ tenant, id: drill.escalation }, { nowMs: endMs });
    });
  });
}

/** Somebody who may decide it does, mostly rightly; sometimes nobody looks. */
async function answer(
  stage: HistoryStage,
  escalation: string,
  known: 'good' | 'bad',
  atMs: number,
): Promise<void> {
  if (stage.random.chance(0.05)) return;
  const isRight = stage.random.chance(known === 'bad' ? 0.78 : 0.93);
  const people = [...stage.site.people.values()].filter(({ roles }) => holdsRole(roles, DECIDING_ROLES));
  for (const viewer of people.sort(() => (stage.random.chance(0.5) ? 1 : -1))) {
    const openMs = atMs + stage.random.integer(60_000, 300_000);
    if (!(await getDetail(viewer, escalation, { nowMs: openMs })).may.decide) continue;
    const verdict = (known === 'bad') === isRight ? 'deny' : 'approve';
    const reading: Reading = { openMs, dwellMs: stage.random.integer(45_000, 160_000), beats: 6 };
    try {
      await readAndDecide(viewer, escalation, reading, {
        verdict,
        reasonCode: verdict === 'deny' ? 'looks-manipulated' : 'matches-evidence',
        reasonText:
          verdict === 'deny' ? 'The document and the action do not agree.' : 'Document and action agree.',
      });
    } catch (error) {
      // A policy that changed meanwhile, or too much decided already: nobody answers it then.
      if (!(error instanceof ServiceError)) throw error;
    }
    return;
  }
}
