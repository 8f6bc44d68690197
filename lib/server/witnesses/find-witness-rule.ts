import { DEFAULT_WITNESS_RULE, type WitnessRule, witnessRule } from '@/lib/policy/witness-rule';
import { ServiceError } from '../errors';
import { getActivePolicy } from '../policies/get-active-policy';

/** What the organisation's policy in force wants of witnesses; where none is in force there is nothing to require. */
export async function findWitnessRule(tenant: string, nowMs: number): Promise<WitnessRule> {
  try {
    return witnessRule((await getActivePolicy(tenant, nowMs)).document);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'policy_missing') return DEFAULT_WITNESS_RULE;
    throw error;
  }
}

/**
 * Whether the log counts as unwitnessed under a rule: the authorities that it requires (or one, where it requires none)
 * have not seen what was published before the time that it gives them, or nobody has seen anything.
 */
export function isUnwitnessed(
  witnesses: { lastAt: Date | null; unwitnessedSince: Date | null },
  { withinMs }: Pick<WitnessRule, 'withinMs'>,
  nowMs: number,
): boolean {
  const since = witnesses.unwitnessedSince?.getTime();
  return witnesses.lastAt === null || (since !== undefined && since <= nowMs - withinMs);
}
