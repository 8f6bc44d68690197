import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IdentifierKind, suspectIdentifier } from './suspect-identifier';

describe('suspectIdentifier', () => {
  const cases: [string, IdentifierKind | null][] = [
    ['jane.doe@example.org', 'email'],
    ["write to o'brien@mail.example.co.uk today", 'email'],
    ['4111 1111 1111 1111', 'payment_card'],
    ['4111 1111 1111 1112', null],
    ['DE89370400440532013000', 'iban'],
    ['DE89370400440532013001', null],
    ['078-05-1120', 'us_social_security'],
    ['000-05-1120', null],
    ['patient MRN-0048121', 'medical_record_number'],
    ['+49 30 1234567', 'phone_number'],
    ['call +1 (415) 555-2671', 'phone_number'],
    ['born 1961-04-02', 'birth_date'],
    ['tok_00000000000000000000000000000001', null],
    [`sha-256:${'1'.repeat(64)}`, null],
    ['2026-11-30T10:00:00.000Z', null],
    ['dec_019a0000-0000-7000-8000-000000000000', null],
    ['18500.00', null],
    ['payments-runtime-4', null],
    ['spiffe://example.org/agent/payments', null],
    ['4.2.0', null],
    ['claude-2026-10-01', null],
    ['', null],
  ];
  it.each(cases)('%j is %s', (text, kind) => {
    expect(suspectIdentifier(text)).toBe(kind);
  });

  it('never throws and never hangs, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 6_000 }), (text) => {
        suspectIdentifier(text);
      }),
    );
    for (const text of ['a'.repeat(65_536), '1 '.repeat(32_768), 'a.'.repeat(32_768), '+1-'.repeat(20_000)])
      suspectIdentifier(text);
  });

  it('does not take digests, tokens and our own ids for identifiers', () => {
    const hexText = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(hexText, (digits) => {
        const hex = digits.join('');
        expect(suspectIdentifier(`tok_${hex}`)).toBeNull();
        expect(suspectIdentifier(hex)).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });
});
