import * as z from 'zod';

/** Why somebody may look behind a token or read a payload: a closed list, so that it can be counted and questioned. */
export const LOOK_PURPOSES = [
  'care-incident',
  'complaint',
  'fraud-investigation',
  'court-order',
  'regulator-request',
  'data-subject-request',
  'internal-audit',
] as const;
export const lookPurpose = z.enum(LOOK_PURPOSES);
export type LookPurpose = z.infer<typeof lookPurpose>;

export const LOOK_PURPOSE_NAMES: Record<LookPurpose, string> = {
  'care-incident': 'Incident in care',
  complaint: 'Complaint',
  'fraud-investigation': 'Investigation of fraud',
  'court-order': 'Order of a court',
  'regulator-request': 'Request of a regulator',
  'data-subject-request': 'Request of the person it is about',
  'internal-audit': 'Internal audit',
};

/** A case number: no spaces, and no `@`, so that no address passes for one. */
export const caseReference = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{2,63}$/);
