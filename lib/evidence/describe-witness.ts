import type { WitnessState } from './witness-view';

export const WITNESS_STATE_WORDS: Readonly<Record<WitnessState, string>> = {
  ok: 'up to date',
  behind: 'behind',
  failing: 'failing',
  disabled: 'disabled',
};

const ERRORS: Readonly<Record<string, string>> = {
  witness_unreachable: 'it does not answer',
  witness_refused: 'it refused the checkpoint',
  witness_busy: 'it asked to be left alone for a while',
  witness_answer_invalid: 'it answered something that is no receipt',
  witness_misconfigured: 'its settings are wrong, or its address may not be called from here',
  receipt_invalid: 'it sent a receipt that does not verify; nothing of it was kept',
  internal: 'this console failed; its log says why',
};

/** What went wrong with a witness last, in words. */
export function describeWitnessError(code: string): string {
  const [head = '', check] = code.split(':');
  const words = Object.hasOwn(ERRORS, head) ? ERRORS[head] : 'it failed';
  return check ? `${words} (${check.replaceAll('_', ' ')})` : `${words}`;
}
