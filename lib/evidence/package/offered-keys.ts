import { equalBytes } from '@/lib/core/bytes';
import { parseBase64, parseBase64url } from '@/lib/core/encoding';

import type { Check } from '@/lib/integrity/check';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { formatRoot } from '../find-root';
import { fingerprintOf } from '../trust/root-bytes';
import type { TrustRoot, TrustRootOf } from '../trust/trust-root';
import type { StreamKeyView } from '../verification-material';
import type { PackageKeys } from './package-parts';

const OFFERED =
  'the package offers it, and you have not pinned it; compare its fingerprint with one that you have from elsewhere';

/**
 * That the keys which the package offers are the ones that the user pinned. What is not pinned proves nothing about who
 * signed: it is NOT CHECKED, however well the signatures fit.
 */
export function checkOfferedKeys(
  keys: PackageKeys,
  roots: readonly TrustRoot[],
  /** Only these streams matter, and these logs of other consoles. */
  { streams, peers }: { streams: ReadonlySet<string>; peers: ReadonlySet<string> },
): Check[] {
  const checks: Check[] = [];
  if (keys.log) checks.push(checkLogKey('trust.log', keys.log.vkey, roots));
  for (const vkey of peers) {
    const check = checkLogKey(peerKeyId(vkey), vkey, roots);
    checks.push({ ...check, title: 'Other log’s key' });
  }
  for (const { stream, keys: offered } of keys.streams) {
    if (!streams.has(stream)) continue;
    const pinned = roots.filter((root) => root.kind === 'stream-key' && root.stream === stream) as Pinned[];
    const title = stream.startsWith('console/') ? 'Console’s key' : 'Producer’s key';
    for (const key of offered)
      checks.push(
        checkKey(
          { id: `trust.stream ${stream} ${key.keyid}`, title, where: { stream } },
          key,
          pinned,
          ({ keyid }) => keyid,
        ),
      );
  }
  const approval = roots.filter((root) => root.kind === 'approval-key');
  for (const key of keys.approvalKeys)
    checks.push(
      checkKey({ id: `trust.approval ${key.keyid}`, title: 'Approval key' }, key, approval, ({ kid }) => kid),
    );
  return checks;
}

type Pinned = TrustRootOf<'stream-key'>;

/** Id of the line about another console's log. */
export function peerKeyId(vkey: string): string {
  return `trust.peer ${vkey.split('+').slice(0, 2).join('+')}`;
}

function checkLogKey(id: string, vkey: string, roots: readonly TrustRoot[]): Check {
  const titled = { id, title: 'Log’s key' };
  const offered = parseNoteKey(vkey);
  if (!offered.ok)
    return { ...titled, compared: 'the form of the key', verdict: 'invalid', code: offered.code };
  const base = { ...titled, compared: `the key of ${offered.value.name} with those you pinned` };
  const named = { key: `${offered.value.name}+${offered.value.keyId}` };
  const pinned = roots
    .filter((root) => root.kind === 'log')
    .flatMap((root) => {
      const key = parseNoteKey(root.vkey);
      return key.ok && key.value.name === offered.value.name ? [{ root, key: key.value }] : [];
    });
  const same = pinned.find(({ key }) => equalBytes(key.publicKey, offered.value.publicKey));
  if (same) return { ...base, ...named, verdict: 'valid', root: formatRoot(same.root) };
  const [other] = pinned;
  if (other)
    return {
      ...base,
      ...named,
      verdict: 'invalid',
      code: 'log_key_differs',
      expected: other.root.fingerprint,
      computed: fingerprintOf(offered.value.publicKey),
    };
  return {
    ...base,
    ...named,
    verdict: 'not-checked',
    computed: fingerprintOf(offered.value.publicKey),
    reason: OFFERED,
  };
}

function checkKey<R extends Extract<TrustRoot, { kind: 'stream-key' | 'approval-key' }>>(
  titled: Pick<Check, 'id' | 'title' | 'where'>,
  key: StreamKeyView,
  pinned: readonly R[],
  idOf: (root: R) => string,
): Check {
  const base = {
    ...titled,
    compared: 'the key that the package offers with those you pinned',
    key: key.keyid,
  };
  const offered = parseBase64url(key.publicKey);
  if (!offered.ok) return { ...base, verdict: 'invalid', code: 'key_unreadable' };
  const match = pinned.find((root) => {
    const bytes = parseBase64(root.publicKey);
    return bytes.ok && equalBytes(bytes.value, offered.value);
  });
  const computed = fingerprintOf(offered.value);
  if (match && match.retiredAt !== null && key.retiredAt !== match.retiredAt)
    return {
      ...base,
      verdict: 'invalid',
      code: 'key_retirement',
      compared: 'until when the key was valid, as the package says, with what you pinned',
      expected: match.retiredAt,
      computed: key.retiredAt ?? 'still in force',
    };
  if (match) return { ...base, verdict: 'valid', root: formatRoot(match) };
  const impostor = pinned.find((root) => idOf(root) === key.keyid);
  if (impostor)
    return { ...base, verdict: 'invalid', code: 'key_differs', expected: impostor.fingerprint, computed };
  return { ...base, verdict: 'not-checked', computed, reason: OFFERED };
}
