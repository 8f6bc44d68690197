/**
 * Texts that look like what must never stand in a record: a person's or an account's real identifier. A suspicion, not a
 * proof: records hold subject tokens and salted digests, so anything that fits one of these forms deserves a look.
 */
export type IdentifierKind =
  | 'email'
  | 'phone_number'
  | 'payment_card'
  | 'iban'
  | 'us_social_security'
  | 'medical_record_number'
  | 'birth_date';

const DIGEST_OR_TOKEN = /^(sha-256:|sha3-512:|blake2b-512:|tok_)[0-9a-f]+$/;

/** Luhn's check digit (ISO/IEC 7812-1), over digits only. */
function fitsLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The check digits of ISO 13616: the number's remainder by 97 is 1. */
function fitsIban(text: string): boolean {
  let remainder = 0;
  for (const letter of text.slice(4) + text.slice(0, 4)) {
    for (const digit of String(Number.parseInt(letter, 36)))
      remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder === 1;
}

const FORMS: readonly [IdentifierKind, RegExp, ((match: string) => boolean)?][] = [
  ['email', /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,24}/],
  ['iban', /\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b/, fitsIban],
  ['payment_card', /\b\d(?:[ -]?\d){12,18}\b/, (match) => fitsLuhn(match.replace(/\D/g, ''))],
  ['us_social_security', /\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b/],
  ['medical_record_number', /\bMRN[-:# ]{0,2}[A-Z0-9]{4,16}\b/i],
  ['phone_number', /(?:^|[^\w.+-])\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d(?:[ .-]?\d){6,12}(?![\w-])/],
  ['birth_date', /\b(?:dob|born|date[ _]of[ _]birth)\b\D{0,4}\d{1,4}[./-]\d{1,2}[./-]\d{1,4}/i],
];

/** Longer texts are looked at in their first characters only: a record has 64 KiB. */
const MOST_CHARACTERS = 4_096;

/** The first form of identifier that a text holds, or null. Digests and subject tokens are none. */
export function suspectIdentifier(text: string): IdentifierKind | null {
  if (DIGEST_OR_TOKEN.test(text)) return null;
  // A space before, so that a number at the very start has something in front of it.
  const looked = ` ${text.slice(0, MOST_CHARACTERS)}`;
  for (const [kind, form, fits] of FORMS) {
    const match = form.exec(looked);
    if (match && (fits?.(match[0].trim()) ?? true)) return kind;
  }
  return null;
}
