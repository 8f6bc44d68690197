import * as z from 'zod';

/** What a person may be in one tenant. A person may hold several; roles are compared, never inherited by name. */
export const ROLES = [
  'reviewer',
  'senior_reviewer',
  'compliance',
  'data_protection',
  'auditor',
  'admin',
] as const;
export const role = z.enum(ROLES);
export type Role = z.infer<typeof role>;

/** The words people read for each role. */
export const ROLE_NAMES: Record<Role, string> = {
  reviewer: 'Reviewer',
  senior_reviewer: 'Senior reviewer',
  compliance: 'Compliance officer',
  data_protection: 'Data-protection officer',
  auditor: 'Auditor',
  admin: 'Administrator',
};
