/** What one line of a report found: nothing wrong, a closed code, or why it could not look. */
export type LineOutcome<Code extends string = string> =
  | { readonly verdict: 'valid' }
  | {
      readonly verdict: 'invalid';
      readonly code: Code;
      readonly expected?: string;
      readonly computed?: string;
    }
  | { readonly verdict: 'not-checked'; readonly reason: string };

export const VALID: LineOutcome<never> = { verdict: 'valid' };

export function invalid<Code extends string>(
  code: Code,
  held: { expected?: string; computed?: string } = {},
): LineOutcome<Code> {
  return { verdict: 'invalid', code, ...held };
}

export function notChecked(reason: string): LineOutcome<never> {
  return { verdict: 'not-checked', reason };
}
