import { err, ok, type Result } from '@/lib/core/result';
import type { Role } from './role';

export interface PasswordMembership {
  tenantDemo: boolean;
  role: Role;
}

/** The shortest password that a real person's account may have, in characters. */
export const MINIMUM_PASSWORD_CHARACTERS = 14;

/**
 * Whether a person may sign in by password at all. Two kinds of account may: the demo's people while the console runs
 * its demo, and administrators of real tenants, who can approve nothing. Everybody else signs in through OIDC.
 */
export function mayUsePassword(memberships: readonly PasswordMembership[], consoleDemo: boolean): boolean {
  if (memberships.length === 0) return false;
  if (memberships.every((membership) => membership.tenantDemo)) return consoleDemo;
  return memberships.every((membership) => !membership.tenantDemo && membership.role === 'admin');
}

/** A password for a real account: 14 to 200 characters, not one character over and over. */
export function checkNewPassword(
  password: string,
): Result<true, 'password_short' | 'password_long' | 'password_uniform'> {
  const characters = [...password];
  if (characters.length < MINIMUM_PASSWORD_CHARACTERS) return err('password_short');
  if (characters.length > 200) return err('password_long');
  return new Set(characters).size < 5 ? err('password_uniform') : ok(true);
}
