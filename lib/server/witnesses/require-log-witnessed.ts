import { witnessRule } from '@/lib/policy/witness-rule';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import type { ActivePolicy } from '../policies/get-active-policy';
import { getCoverage, sizeSeenBy } from './get-coverage';

const RETRY_S = 30;

/**
 * Fails closed where the policy withholds tokens: as many distinct authorities as it requires must have seen the newest
 * checkpoint that is older than it allows, and each of them some checkpoint at all. Whoever is refused loses nothing: no
 * verdict was written, no approval spent, and the same request succeeds once the witnesses are back.
 * @throws ServiceError `log_unwitnessed`
 */
export async function requireLogWitnessed(
  tx: Tx,
  policy: Pick<ActivePolicy, 'document'>,
  nowMs: number,
): Promise<void> {
  const { required, withinMs, withholdTokens } = witnessRule(policy.document);
  if (!withholdTokens || required === 0) return;
  const due = await tx.query<{ size: number }>({
    name: 'checkpoint-due-for-witnesses',
    text: 'SELECT size FROM checkpoints WHERE created_at <= $1 ORDER BY size DESC LIMIT 1',
    values: [new Date(nowMs - withinMs)],
  });
  const seen = sizeSeenBy(await getCoverage(tx), required);
  if (seen > 0 && seen >= (due.rows[0]?.size ?? 0)) return;
  throw new ServiceError(
    'log_unwitnessed',
    `The policy wants ${required} outside ${required === 1 ? 'witness' : 'witnesses'} of the log, and fewer have seen it in time.`,
    { headers: { 'retry-after': String(RETRY_S) } },
  );
}
