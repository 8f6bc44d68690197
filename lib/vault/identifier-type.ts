import * as z from 'zod';

/** What kind of real identifier stands behind a subject token. */
export const IDENTIFIER_TYPES = [
  'mrn',
  'nhs_number',
  'email',
  'phone',
  'iban',
  'card_number',
  'account_number',
  'customer_number',
  'policy_number',
  'transaction_id',
] as const;
export const identifierType = z.enum(IDENTIFIER_TYPES);
export type IdentifierType = z.infer<typeof identifierType>;

export const IDENTIFIER_TYPE_NAMES: Record<IdentifierType, string> = {
  mrn: 'Medical record number',
  nhs_number: 'NHS number',
  email: 'E-mail address',
  phone: 'Telephone number',
  iban: 'IBAN',
  card_number: 'Card number',
  account_number: 'Account number',
  customer_number: 'Customer number',
  policy_number: 'Insurance policy number',
  transaction_id: 'Transaction',
};
