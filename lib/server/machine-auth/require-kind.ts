import { ServiceError } from '../errors';
import type { ProducerCaller } from './require-producer';

/** Producers that may ask for authority: a gateway in front of tools, or an agent runtime that enforces by itself. */
export const REQUESTING_KINDS: readonly string[] = ['gateway', 'agent'];

/** @throws ServiceError `producer_kind` unless the caller may evaluate, escalate and redeem. */
export function requireRequestingKind(caller: ProducerCaller): void {
  if (!REQUESTING_KINDS.includes(caller.kind)) {
    throw new ServiceError('producer_kind', 'Only a gateway or an agent may ask for authority.');
  }
}
