import { getConfig } from '../config';
import { ServiceError } from '../errors';

export interface RelyingParty {
  id: string;
  origin: string;
}

/**
 * Whether browsers offer passkeys under this console's address (WebAuthn Level 3 §5.1.3): a host name at or below the
 * relying party's, over https or as localhost; never an IP address.
 */
export function arePasskeysAvailable({ origin, rpId } = getConfig()): boolean {
  const { hostname, protocol } = new URL(origin);
  const isHere = hostname === rpId || hostname.endsWith(`.${rpId}`);
  const isName = !/^[\d.]+$|^\[/.test(hostname);
  const isSafe = protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost');
  return isHere && isName && isSafe;
}

/** @throws ServiceError `passkeys_unavailable` */
export function requireRelyingParty(): RelyingParty {
  const { origin, rpId } = getConfig();
  if (!arePasskeysAvailable()) throw new ServiceError('passkeys_unavailable');
  return { id: rpId, origin };
}
