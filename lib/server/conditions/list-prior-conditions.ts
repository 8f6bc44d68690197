import * as z from 'zod';
import { conditionCode } from '@/lib/conditions/condition';
import type { PriorCondition } from '@/lib/conditions/scopes-of';
import type { Tx } from '../database/transaction';

export const storedGaps = z.array(z.object({ fromSeq: z.number().int(), toSeq: z.number().int() }));

/** Conditions of these scopes that are open, or that a person answered for. */
export async function listPriorConditions(
  tx: Tx,
  tenant: string,
  scopes: readonly string[],
): Promise<PriorCondition[]> {
  const found = await tx.query<{ code: string; scope: string; open: boolean; gaps: unknown }>({
    name: 'list-prior-conditions',
    text: `SELECT code, scope, resolved_at IS NULL AS open, gaps FROM integrity_conditions
      WHERE tenant = $1 AND scope = ANY($2::text[]) AND (resolved_at IS NULL OR resolution = 'accepted')`,
    values: [tenant, scopes],
  });
  return found.rows.map(({ code, scope, open, gaps }) => ({
    code: conditionCode.parse(code),
    scope,
    open,
    gaps: storedGaps.parse(gaps),
  }));
}
