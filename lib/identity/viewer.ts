import type { Role } from './role';

/** The signed-in person as the console sees them now: roles are those of the current tenant only. */
export interface Viewer {
  person: { id: string; name: string; email: string };
  tenant: { id: string; name: string; demo: boolean };
  /** Every tenant this person is a member of, by name. */
  tenants: { id: string; name: string }[];
  roles: Role[];
  /** Whether the current tenant is one of the demo's. */
  demo: boolean;
}
