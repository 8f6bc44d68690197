import { describe, expect, it } from 'vitest';
import { witnessRule } from './witness-rule';

const containment = (unwitnessed: 'issue' | 'withhold') => ({
  stateUnavailable: 'refuse' as const,
  unwitnessed,
});
const witnesses = (required: number, withholdTokens = false) => ({
  required,
  withinSeconds: 60,
  withholdTokens,
});

describe('what a policy wants of witnesses', () => {
  it.each([
    ['nothing said', { containment: containment('issue') }, [0, 3_600_000, false]],
    ['the short form', { containment: containment('withhold') }, [1, 3_600_000, true]],
    ['two, only said', { containment: containment('issue'), witnesses: witnesses(2) }, [2, 60_000, false]],
    [
      'two, or no token',
      { containment: containment('issue'), witnesses: witnesses(2, true) },
      [2, 60_000, true],
    ],
    [
      'both forms: the stricter',
      { containment: containment('withhold'), witnesses: witnesses(2) },
      [2, 60_000, true],
    ],
    [
      'none, and yet withheld',
      { containment: containment('withhold'), witnesses: witnesses(0) },
      [1, 60_000, true],
    ],
  ])('%s', (_name, document, [required, withinMs, withholdTokens]) => {
    expect(witnessRule(document)).toEqual({ required, withinMs, withholdTokens });
  });
});
