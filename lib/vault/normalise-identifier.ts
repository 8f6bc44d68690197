/**
 * One spelling for each identifier, so that "mrn 0042-1187" and "MRN-00421187" are the same patient: what the blind index
 * is made of. An identifier that is not one of its type is refused and never repeated.
 *
 *   mrn, customer_number, policy_number,   letters and digits in upper case; spaces and -./_ are left out
 *   account_number, transaction_id         (transaction_id keeps its case)
 *   nhs_number    ten digits, the last a check digit (modulus 11)
 *   email         trimmed, lower case
 *   phone         E.164: `+` and 7 to 15 digits; `00` counts as `+`
 *   iban          ISO 13616, modulus 97
 *   card_number   12 to 19 digits, Luhn (ISO/IEC 7812-1)
 */
import { err, ok, type Result } from '@/lib/core/result';
import type { IdentifierType } from './identifier-type';

/** Characters of an identifier as it may arrive. */
export const MAX_IDENTIFIER_CHARACTERS = 320;

type Normalise = (text: string) => string | null;

const compact = (text: string): string => text.replace(/[\s\-./_]/g, '');
const digitsOnly = (text: string): string => text.replace(/[\s-]/g, '');
const matching = (text: string, pattern: RegExp): string | null => (pattern.test(text) ? text : null);
const reference: Normalise = (text) => matching(compact(text).toUpperCase(), /^[A-Z0-9]{1,64}$/);

const RULES: Record<IdentifierType, Normalise> = {
  mrn: (text) => {
    // "MRN 00421187" and "00421187" are spoken of as the same; leading zeros belong to the number.
    const number = reference(text)?.replace(/^MRN(?=[A-Z0-9])/, '');
    return number ?? null;
  },
  nhs_number: (text) => {
    const digits = digitsOnly(text);
    return /^\d{10}$/.test(digits) && hasNhsCheckDigit(digits) ? digits : null;
  },
  email: (text) => matching(text.trim().toLowerCase(), /^[^\s@]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/),
  phone: (text) => {
    const bare = text.replace(/[\s().\-/]/g, '').replace(/^00/, '+');
    return matching(bare, /^\+[1-9]\d{6,14}$/);
  },
  iban: (text) => {
    const iban = compact(text).toUpperCase();
    return /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban) && remainder97(iban) === 1 ? iban : null;
  },
  card_number: (text) => {
    const digits = digitsOnly(text);
    return /^\d{12,19}$/.test(digits) && hasLuhnDigit(digits) ? digits : null;
  },
  account_number: reference,
  customer_number: reference,
  policy_number: reference,
  transaction_id: (text) => matching(compact(text), /^[A-Za-z0-9]{1,64}$/),
};

/** The one spelling of this identifier. The error tells nothing of what was given. */
export function normaliseIdentifier(
  type: IdentifierType,
  identifier: string,
): Result<string, 'identifier_invalid'> {
  if (identifier.length > MAX_IDENTIFIER_CHARACTERS) return err('identifier_invalid');
  const normalised = RULES[type](identifier.normalize('NFKC'));
  return normalised === null ? err('identifier_invalid') : ok(normalised);
}

/** Weights 10 to 2, modulus 11; a remainder of 1 has no check digit. */
function hasNhsCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += Number(digits[i]) * (10 - i);
  const check = (11 - (sum % 11)) % 11;
  return check < 10 && check === Number(digits[9]);
}

/** ISO 7064 MOD 97-10 over the rearranged IBAN, letters as 10 to 35. */
function remainder97(iban: string): number {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 55;
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}

function hasLuhnDigit(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
