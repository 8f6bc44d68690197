import { formatHex } from '@/lib/core/encoding';
import type { Check } from '@/lib/integrity/check';
import type { VerifiedCheckpoint } from '@/lib/integrity/checkpoint';
import { verifyConsistency } from '@/lib/integrity/merkle';
import type { RememberedCheckpoint } from '../evidence-source';

/** A consistency proof (RFC 9162 §2.1.4) from a smaller tree to the checkpoint's. Attacker-controlled. */
export interface Growth {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
}

const figure = (n: number) => n.toLocaleString('en');

/**
 * That a file's checkpoint and the one remembered here are of one log that only grew. A file brings no tiles: what settles
 * it is the same size, or a proof of growth from the remembered size that came with it.
 */
export function checkRemembered(
  checkpoint: VerifiedCheckpoint,
  vkey: string,
  remembered: RememberedCheckpoint,
  growth: Growth | null,
): Check {
  const since = `the one of size ${figure(remembered.size)} remembered here since ${new Date(remembered.atMs).toISOString()}`;
  const base = { id: 'log.consistency', title: 'Consistency', compared: `this checkpoint with ${since}` };
  if (remembered.vkey !== vkey)
    return {
      ...base,
      verdict: 'invalid',
      code: 'log_key_changed',
      expected: remembered.vkey,
      computed: vkey,
    };
  const roots = { expected: formatHex(remembered.root), computed: formatHex(checkpoint.root) };
  if (remembered.size === 0) return { ...base, verdict: 'valid' };
  if (checkpoint.size < remembered.size) {
    return {
      ...base,
      verdict: 'not-checked',
      reason: `it is smaller: an older checkpoint of the same log, or a log that was cut back. A proof of growth from ${figure(checkpoint.size)} to ${figure(remembered.size)} would tell`,
    };
  }
  const isSame = checkpoint.size === remembered.size;
  if (!isSame && growth?.oldSize !== remembered.size) {
    return {
      ...base,
      verdict: 'not-checked',
      reason: `a proof of growth from ${figure(remembered.size)} to ${figure(checkpoint.size)} would tell, and none came with the file; the console that serves this log can be asked`,
    };
  }
  const verified = verifyConsistency({
    size1: remembered.size,
    size2: checkpoint.size,
    root1: remembered.root,
    root2: checkpoint.root,
    proof: isSame ? [] : (growth?.proof ?? []),
  });
  return verified.ok
    ? { ...base, verdict: 'valid' }
    : { ...base, ...roots, verdict: 'invalid', code: isSame ? 'log_forked' : 'growth_refuted' };
}
