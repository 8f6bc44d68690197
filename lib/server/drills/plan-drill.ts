import { commitDrill } from '@/lib/attention/drill-commitment';
import { DRILL_RECIPES, type DrillRecipe } from '@/lib/attention/drill-recipes';
import { formatBase64url } from '@/lib/core/encoding';
import { formatInstant } from '@/lib/core/instant';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { getActivePolicy } from '../policies/get-active-policy';
import { newId, newRandomBytes } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from '../reviews/reviewer';
import { buildDrill } from './build-drill';
import { listDrillModels } from './list-models';
import { randomNumber } from './random-number';

export interface DrillWish {
  known: 'good' | 'bad';
  /** Default: any that fits. */
  recipe?: DrillRecipe | undefined;
  /** A past escalation to make it of; default: any that fits. */
  model?: string | undefined;
  /** It appears at a random moment within this time. */
  withinMinutes: number;
}

/**
 * A compliance officer has a drill put into the queue. Whoever plans one learns nothing that the reviewers could not; when
 * it appears is left to chance.
 * @throws ServiceError `role_required`, `drill_impossible`, `policy_missing`
 */
export async function planDrillByHand(
  viewer: Reviewer,
  wish: DrillWish,
  { nowMs = clockNowMs() } = {},
): Promise<{ id: string; surfacesBefore: string }> {
  if (!viewer.roles.includes('compliance'))
    throw new ServiceError('role_required', 'A compliance officer plans drills.');
  const surfacesBefore = formatInstant(nowMs + wish.withinMinutes * 60_000);
  const id = await inTransaction((tx) =>
    planDrill(tx, viewer.tenant.id, wish, { by: viewer.person.id, nowMs }),
  );
  if (!id) throw new ServiceError('drill_impossible');
  return { id, surfacesBefore };
}

/**
 * Chooses a past case and a fault, seals both, and journals the seal: `drill.injected`, some random time before the drill
 * appears, so that not even its place in the log tells which escalation it is.
 * @returns its id, or null when no past case fits
 */
export async function planDrill(
  tx: Tx,
  tenant: string,
  wish: DrillWish,
  { by, nowMs }: { by: string | null; nowMs: number },
): Promise<string | null> {
  const policy = await getActivePolicy(tenant, nowMs, tx);
  const models = await listDrillModels(tx, tenant, { nowMs, model: wish.model });
  for (const model of models) {
    for (const recipe of shuffle(recipesOf(wish))) {
      const built = await buildDrill(tx, { tenant, model, recipe, policy, nowMs });
      if (built) return seal(tx, tenant, { ...wish, model, recipe, clue: built.clue, by, nowMs });
    }
  }
  return null;
}

function recipesOf({ known, recipe }: DrillWish): DrillRecipe[] {
  const fitting = DRILL_RECIPES.filter((each) => (each === 'as-it-was') === (known === 'good'));
  return recipe === undefined ? fitting : fitting.filter((each) => each === recipe);
}

function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: randomNumber() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

async function seal(
  tx: Tx,
  tenant: string,
  plan: {
    known: 'good' | 'bad';
    recipe: DrillRecipe;
    model: string;
    clue: string;
    withinMinutes: number;
    by: string | null;
    nowMs: number;
  },
): Promise<string> {
  const { nowMs } = plan;
  const id = newId('drl', nowMs);
  const instance = formatBase64url(newRandomBytes(16));
  const salt = newRandomBytes(32);
  const commitment = commitDrill(
    { drill: id, instance, known: plan.known, recipe: plan.recipe, model: plan.model },
    salt,
  );
  await tx.query(
    `INSERT INTO drills (id, tenant, state, origin, injected_by, known, recipe, model, instance, salt, commitment, clue,
       surfaces_at, created_at)
     VALUES ($1, $2, 'planned', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      id,
      tenant,
      plan.by === null ? 'policy' : 'by_hand',
      plan.by,
      plan.known,
      plan.recipe,
      plan.model,
      instance,
      salt,
      commitment,
      plan.clue,
      new Date(nowMs + Math.round(randomNumber() * plan.withinMinutes * 60_000)),
      new Date(nowMs),
    ],
  );
  await journal(tx, {
    tenant,
    kind: 'drill.injected',
    id,
    body: { drill_id: id, commitment, ...(plan.by === null ? {} : { injected_by: plan.by }) },
    occurredAtMs: nowMs,
  });
  return id;
}
