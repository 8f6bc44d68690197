import { mayLookBehind, VAULT_ROLES } from '@/lib/identity/permissions';
import type { Role } from '@/lib/identity/role';
import type { Viewer } from '@/lib/identity/viewer';
import { ServiceError } from '../errors';

/** What a verb of the vault needs to know of the person who acts. */
export type VaultViewer = Pick<Viewer, 'person' | 'tenant' | 'roles'>;

/**
 * The role by whose authority somebody looks behind tokens, as records name it.
 * @throws ServiceError `role_required` for everybody else, and for whoever is an administrator as well
 */
export function requireLookBehind(viewer: VaultViewer): Role {
  const authority = VAULT_ROLES.find((role) => viewer.roles.includes(role));
  if (!authority || !mayLookBehind(viewer.roles))
    throw new ServiceError('role_required', `This needs one of the roles: ${VAULT_ROLES.join(', ')}.`);
  return authority;
}
