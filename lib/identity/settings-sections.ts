import { holdsRole } from './permissions';
import { ROLES, type Role } from './role';

/** The parts of the settings page and who sees them. Only an administrator changes anything there. */
export const SETTINGS_ROLES = {
  producers: ['compliance', 'data_protection', 'auditor', 'admin'],
  people: ['compliance', 'data_protection', 'auditor', 'admin'],
  keys: ['compliance', 'auditor', 'admin'],
  peers: ['compliance', 'auditor', 'admin'],
  policy: ['reviewer', 'senior_reviewer', 'compliance', 'data_protection', 'auditor', 'admin'],
  witnesses: ['compliance', 'auditor', 'admin'],
  connect: ['reviewer', 'senior_reviewer', 'compliance', 'data_protection', 'auditor', 'admin'],
  alerts: ['senior_reviewer', 'compliance', 'auditor', 'admin'],
  notifications: ['reviewer', 'senior_reviewer', 'compliance', 'data_protection', 'auditor', 'admin'],
  authority: ['reviewer', 'senior_reviewer'],
  'break-glass': ROLES,
} as const satisfies Record<string, readonly Role[]>;

export type SettingsSection = keyof typeof SETTINGS_ROLES;

/** The parts that somebody with these roles sees, in order. */
export function listSettingsSections(held: readonly Role[]): SettingsSection[] {
  return (Object.keys(SETTINGS_ROLES) as SettingsSection[]).filter((section) =>
    holdsRole(held, SETTINGS_ROLES[section]),
  );
}
