const MOVING =
  /^(latest|current|stable|default|main|master|head|prod(uction)?|dev|test|live|unknown|none|n\/?a|-+|\*)$/i;
const FAMILY = /^v?\d{1,2}$/i;

/** True for a name that moves (`latest`, `stable`, `prod`): before and after a change cannot be told apart by it. */
export function isMovingVersion(version: string): boolean {
  return MOVING.test(version.trim());
}

/** True for a model's version that moves, or is a bare number under which many builds have run (`4`, `v2`). */
export function isImpreciseModelVersion(version: string): boolean {
  return isMovingVersion(version) || FAMILY.test(version.trim());
}
