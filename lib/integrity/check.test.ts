import { describe, expect, it } from 'vitest';
import { type CheckVerdict, overallVerdict } from '@/lib/integrity/check';

function verdictOf(...verdicts: CheckVerdict[]): CheckVerdict {
  return overallVerdict(verdicts.map((verdict) => ({ verdict })));
}

describe('overallVerdict', () => {
  it('never counts what was not checked as passed', () => {
    expect(verdictOf()).toBe('not-checked');
    expect(verdictOf('valid', 'not-checked')).toBe('not-checked');
    expect(verdictOf('valid', 'valid')).toBe('valid');
  });

  it('lets one invalid line decide, whatever else was left unchecked', () => {
    expect(verdictOf('valid', 'not-checked', 'invalid')).toBe('invalid');
  });
});
