import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import { AUTHORITY_CODES } from '@/lib/identity/authority';
import type { Tx } from '../database/transaction';
import type { Eligibility } from './find-eligibility';

/** Whether somebody may decide, by what right, and which of their own limits stands against it: for themselves only. */
export async function formatMay(
  tx: Tx,
  { may, right, authority }: Eligibility,
): Promise<EscalationDetail['may']> {
  if (!may.ok || !right) {
    const limit = AUTHORITY_CODES.find((code) => !may.ok && code === may.detail);
    return {
      decide: false,
      code: may.ok ? null : may.code,
      role: null,
      ...(limit ? { limit: { code: limit, authority } } : {}),
    };
  }
  const { delegation, breakGlass } = right;
  const lender = delegation
    ? await tx.query<{ name: string }>('SELECT name FROM people WHERE id = $1', [delegation.onBehalfOf])
    : null;
  return {
    decide: true,
    code: null,
    role: right.role,
    ...(delegation
      ? {
          onBehalfOf: {
            delegation: delegation.id,
            name: lender?.rows[0]?.name ?? delegation.onBehalfOf,
          },
        }
      : {}),
    ...(breakGlass === null ? {} : { breakGlass }),
  };
}
