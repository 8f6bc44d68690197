import type { FoundCondition } from '@/lib/conditions/condition';
import { ServiceError } from '../errors';

/** Refuses an action by the first condition that stands in its way, and carries all of them to be recorded. */
export class ConditionsHold extends ServiceError {
  constructor(readonly found: readonly [FoundCondition, ...FoundCondition[]]) {
    super(found[0].code, found[0].detail);
  }
}
