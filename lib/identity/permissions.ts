import type { Role } from './role';

/** The console's pages, and which roles open them. An administrator configures everything and approves nothing. */
export const PAGE_ROLES = {
  queue: ['reviewer', 'senior_reviewer', 'compliance', 'auditor'],
  decisions: ['reviewer', 'senior_reviewer', 'compliance', 'data_protection', 'auditor'],
  lineage: ['reviewer', 'senior_reviewer', 'compliance', 'data_protection', 'auditor'],
  changes: ['reviewer', 'senior_reviewer', 'compliance', 'data_protection', 'auditor', 'admin'],
  integrity: ['reviewer', 'senior_reviewer', 'compliance', 'data_protection', 'auditor', 'admin'],
  insights: ['senior_reviewer', 'compliance', 'auditor', 'admin'],
  vault: ['compliance', 'data_protection', 'auditor'],
  settings: ['reviewer', 'senior_reviewer', 'compliance', 'data_protection', 'auditor', 'admin'],
} as const satisfies Record<string, readonly Role[]>;

export type ConsolePage = keyof typeof PAGE_ROLES;

/** Who sees what downstream systems' lists were found to hold against decisions. */
export const RECONCILIATION_ROLES = [
  'senior_reviewer',
  'compliance',
  'auditor',
] as const satisfies readonly Role[];

/** Who imports such a list. */
export const RECONCILIATION_IMPORT_ROLES = ['compliance', 'auditor'] as const satisfies readonly Role[];

/** Who may take an evidence package out of the console. */
export const EXPORT_ROLES = ['compliance', 'auditor'] as const satisfies readonly Role[];

/** Who may put payloads into it: what agents saw and did, in clear. */
export const PAYLOAD_EXPORT_ROLES = ['compliance'] as const satisfies readonly Role[];

/** Whether contents in clear may leave with a package: not with an administrator, whatever else they are. */
export function mayExportPayloads(held: readonly Role[]): boolean {
  return holdsRole(held, PAYLOAD_EXPORT_ROLES) && !held.includes('admin');
}

/** Roles whose verdict can count toward a quorum. */
export const DECIDING_ROLES = ['reviewer', 'senior_reviewer'] as const satisfies readonly Role[];

/** Who may look behind a subject token, ask for it, and grant what somebody else asked for. */
export const VAULT_ROLES = ['compliance', 'data_protection'] as const satisfies readonly Role[];

/** Whether one person may hold these roles together: at least one, and never configuring with deciding or data protection. */
export function mayCombine(roles: readonly Role[]): boolean {
  return (
    roles.length > 0 && !(roles.includes('admin') && holdsRole(roles, [...DECIDING_ROLES, 'data_protection']))
  );
}

/** Whether what lies behind tokens and digests may be shown to somebody with these roles at all: never to an administrator. */
export function mayLookBehind(held: readonly Role[]): boolean {
  return holdsRole(held, VAULT_ROLES) && !held.includes('admin');
}

/** True when one of the roles a person holds is among those allowed. */
export function holdsRole(held: readonly Role[], allowed: readonly Role[]): boolean {
  return held.some((role) => allowed.includes(role));
}

/** The pages that somebody with these roles may open, in the order of the rail. */
export function listPages(held: readonly Role[]): ConsolePage[] {
  return (Object.keys(PAGE_ROLES) as ConsolePage[]).filter((page) => holdsRole(held, PAGE_ROLES[page]));
}

/** Where somebody with these roles begins. */
export function homePath(held: readonly Role[]): '/queue' | '/decisions' | '/settings' {
  if (holdsRole(held, DECIDING_ROLES)) return '/queue';
  return holdsRole(held, ['compliance', 'data_protection', 'auditor']) ? '/decisions' : '/settings';
}
