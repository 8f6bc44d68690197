/**
 * One line of a verification report. What was not checked says why, and never counts as passed.
 */
export type CheckVerdict = 'valid' | 'invalid' | 'not-checked';

/** Where a finding lies: exact record, bytes [from, to) of it, or leaf. Positions count from 1, indices from 0. */
export type CheckWhere = {
  readonly stream?: string;
  readonly position?: number;
  readonly index?: number;
  readonly byteFrom?: number;
  readonly byteTo?: number;
};

export type Check = {
  readonly id: string;
  readonly title: string;
  readonly verdict: CheckVerdict;
  /** What was held against what, in words. */
  readonly compared: string;
  /** Name or id of the key or trust root used. */
  readonly key?: string;
  readonly code?: string;
  readonly where?: CheckWhere;
  readonly expected?: string;
  readonly computed?: string;
  /** Why it was not checked. */
  readonly reason?: string;
  /** The pinned root that the verdict rests on. */
  readonly root?: CheckRoot;
  /** The finer checks that this line stands for, in order; its verdict is theirs. */
  readonly details?: readonly Check[];
};

/** What is believed without proof: a name, `sha-256:…` over the key, certificate or header, and who says so. */
export type CheckRoot = {
  readonly name: string;
  readonly fingerprint: string;
  /** Who pinned it, in words: `you in this browser`, `Meera Iyer on this console`. */
  readonly pinnedBy?: string;
};

/** `invalid` if any check is; `valid` only if there are checks and every one is; else `not-checked`. */
export function overallVerdict(checks: readonly Pick<Check, 'verdict'>[]): CheckVerdict {
  if (checks.some(({ verdict }) => verdict === 'invalid')) return 'invalid';
  if (checks.length > 0 && checks.every(({ verdict }) => verdict === 'valid')) return 'valid';
  return 'not-checked';
}
