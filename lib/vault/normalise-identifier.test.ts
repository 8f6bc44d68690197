import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IDENTIFIER_TYPES, type IdentifierType } from './identifier-type';
import { normaliseIdentifier } from './normalise-identifier';

const same: [IdentifierType, string, string[]][] = [
  ['mrn', '00421187', ['MRN-00421187', 'mrn 0042 1187', ' 0042-1187', 'ＭＲＮ 00421187', '00.42.11.87']],
  ['nhs_number', '9434765919', ['943 476 5919', '943-476-5919']],
  ['email', 'asha.rao@example.org', [' Asha.Rao@Example.ORG ']],
  ['phone', '+493012345678', ['+49 30 1234 5678', '0049 (30) 1234-5678', '+49/30/12345678']],
  ['iban', 'DE89370400440532013000', ['DE89 3704 0044 0532 0130 00', 'de89-3704-0044-0532-0130-00']],
  ['card_number', '4111111111111111', ['4111 1111 1111 1111', '4111-1111-1111-1111']],
  ['account_number', 'ACC0017', ['acc-0017', 'ACC 0017']],
  ['transaction_id', 'aB12', ['aB-12']],
];

const wrong: [name: string, IdentifierType, string][] = [
  ['nothing', 'mrn', ''],
  ['only separators', 'mrn', ' - . / '],
  ['a prefix without a number', 'nhs_number', 'NHS'],
  ['a wrong NHS check digit', 'nhs_number', '9434765918'],
  ['a number that can have no NHS check digit', 'nhs_number', '1000000010'],
  ['an address without a domain', 'email', 'asha@'],
  ['two addresses', 'email', 'a@b.example c@d.example'],
  ['a national number without its country', 'phone', '030 12345678'],
  ['an IBAN with two digits exchanged', 'iban', 'DE89370400440532010300'],
  ['a card number with a wrong last digit', 'card_number', '4111111111111112'],
  ['a sentence', 'customer_number', 'the customer; DROP TABLE'],
  ['a bidirectional override', 'account_number', 'ACC\u202e7100'],
  ['U+0000', 'mrn', '0042\u00001187'],
  ['too much', 'mrn', '1'.repeat(400)],
];

describe('an identifier', () => {
  it.each(same)('%s has one spelling, %s', (type, one, others) => {
    for (const other of [one, ...others])
      expect(normaliseIdentifier(type, other), other).toEqual({ ok: true, value: one });
  });

  it.each(wrong)('is refused when it is %s, without being repeated', (_name, type, text) => {
    expect(normaliseIdentifier(type, text)).toEqual({ ok: false, code: 'identifier_invalid' });
  });

  it('is its own spelling once it is normalised', () => {
    fc.assert(
      fc.property(fc.constantFrom(...IDENTIFIER_TYPES), fc.string({ unit: 'grapheme' }), (type, text) => {
        const once = normaliseIdentifier(type, text);
        if (!once.ok) return;
        // A medical record number may itself begin with the letters that are left out in front of one.
        if (type === 'mrn' && once.value.startsWith('MRN')) return;
        expect(normaliseIdentifier(type, once.value)).toEqual(once);
      }),
    );
  });
});
