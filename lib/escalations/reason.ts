import { err, ok, type Result } from '@/lib/core/result';
import { REASON_CODES } from '@/lib/escalations/escalation-lists';
import type { Verdict } from '@/lib/escalations/escalation-view';

export const MEANINGFUL_CHARACTERS = 12;
const DISTINCT_CHARACTERS = 5;

/**
 * A reason is a code of the closed list for its verdict and a text that says something: at least 12 letters or digits
 * of at least 5 kinds, so that "............" or "aaaaaaaaaaaa" is none.
 */
export function checkReason(
  verdict: Verdict,
  reasonCode: string,
  reasonText: string,
): Result<true, 'reason_required'> {
  const codes: readonly string[] = REASON_CODES[verdict];
  if (!codes.includes(reasonCode))
    return err('reason_required', 'The reason code is not one for this verdict.');
  if (!isMeaningful(reasonText)) {
    return err(
      'reason_required',
      `Say why, in at least ${MEANINGFUL_CHARACTERS} letters that say something.`,
    );
  }
  return ok(true);
}

/** Whether a text says something: enough letters or digits, of enough kinds. */
export function isMeaningful(text: string): boolean {
  const letters =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]/gu) ?? [];
  return letters.length >= MEANINGFUL_CHARACTERS && new Set(letters).size >= DISTINCT_CHARACTERS;
}
