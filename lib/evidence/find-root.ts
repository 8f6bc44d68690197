import type { Check, CheckRoot } from '@/lib/integrity/check';
import { parseNoteKey } from '@/lib/integrity/note-key';
import type { TrustRoot } from './trust/trust-root';

/** The root that these checks name as theirs, by fingerprint, key name or subject; null when none of `roots` is named. */
export function findRoot(checks: readonly Check[], roots: readonly TrustRoot[]): TrustRoot | null {
  const named = checks.flatMap(({ root, verdict }) =>
    root && verdict === 'valid' ? [root.fingerprint] : [],
  );
  const shown = roots.find(({ fingerprint }) => named.includes(fingerprint));
  if (shown) return shown;
  const keys = checks.flatMap(({ key, verdict }) => (key && verdict === 'valid' ? [key] : [])).reverse();
  for (const key of keys) {
    const found = roots.find((root) => namesOf(root).some((name) => key === name || key.includes(name)));
    if (found) return found;
  }
  return null;
}

/** A root as a check shows it. */
export function formatRoot(root: TrustRoot): CheckRoot {
  return {
    name: root.name,
    fingerprint: root.fingerprint,
    ...(root.pinned ? { pinnedBy: root.pinned.by } : {}),
  };
}

function namesOf(root: TrustRoot): string[] {
  const names = [root.fingerprint, root.fingerprint.slice('sha-256:'.length)];
  if (root.kind === 'log' || root.kind === 'witness') {
    const key = parseNoteKey(root.vkey);
    return key.ok ? [...names, `${key.value.name}+${key.value.keyId}`, root.vkey] : names;
  }
  if (root.kind === 'bitcoin-header') return [...names, `Bitcoin block ${root.height},`];
  return names;
}
