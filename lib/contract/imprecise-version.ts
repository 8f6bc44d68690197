const MOVING =
  /^(latest|current|stable|default|main|master|head|prod(uction)?|dev|test|live|unknown|none|n\/?a|-+|\*|v?\d{1,2})$/i;

/**
 * True for a version that does not say which one it was: a name that moves (`latest`, `stable`, `prod`) or a bare number
 * under which many builds have run (`4`, `v2`). Before and after a change cannot be told apart by it.
 */
export function isImpreciseVersion(version: string): boolean {
  return MOVING.test(version.trim());
}
