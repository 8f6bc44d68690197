import type { IdentifierType } from '@/lib/vault/identifier-type';
import { normaliseIdentifier } from '@/lib/vault/normalise-identifier';
import { ServiceError } from '../errors';

/**
 * The identifier's one spelling.
 * @throws ServiceError `identifier_invalid`, which names the place of the item and never what stood there
 */
export function requireNormalised(type: IdentifierType, identifier: string, item?: number): string {
  const normalised = normaliseIdentifier(type, identifier);
  if (!normalised.ok)
    throw new ServiceError(
      'identifier_invalid',
      item === undefined ? `It is no ${type}.` : `Item ${item} is no ${type}.`,
    );
  return normalised.value;
}
