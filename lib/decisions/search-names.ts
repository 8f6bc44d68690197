/** Meanings of the search's values that are more than one word. */

/** A name and one version of it; null: every version. */
export interface Versioned {
  name: string;
  version: string | null;
}

/** `name@version`, or a name with all its versions. A name may hold an `@` itself: then both readings are searched. */
export function readVersioned(value: string): Versioned[] {
  const at = value.lastIndexOf('@');
  const whole = { name: value, version: null };
  if (at < 1 || at === value.length - 1) return [whole];
  return [whole, { name: value.slice(0, at), version: value.slice(at + 1) }];
}

export function formatVersioned(name: string, version: string | null): string {
  return version === null ? name : `${name}@${version}`;
}

export const GUARDRAIL_VERDICTS = ['pass', 'fail', 'error'] as const;
export type GuardrailVerdict = (typeof GUARDRAIL_VERDICTS)[number];

/** A guardrail and what it said; null: whatever it said, so long as it was evaluated. */
export function readGuardrail(value: string): { name: string; verdict: GuardrailVerdict | null } {
  const at = value.lastIndexOf('=');
  const verdict = GUARDRAIL_VERDICTS.find((each) => each === value.slice(at + 1));
  return at < 1 || verdict === undefined
    ? { name: value, verdict: null }
    : { name: value.slice(0, at), verdict };
}
