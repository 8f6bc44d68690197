import { formatBase64, parseBase64url } from '@/lib/core/encoding';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { fingerprintOf } from '../trust/root-bytes';
import type { TrustRoot } from '../trust/trust-root';
import type { StreamKeyView } from '../verification-material';
import type { PackageKeys } from './package-parts';

/**
 * The keys that a console names, in the form in which others pin them: its log's, each stream's, those of approval tokens,
 * and those of other consoles' logs in which parents are. Whoever reads them decides; a key that cannot be read is left out.
 */
export function listOfferedRoots(
  keys: PackageKeys,
  issuer: string,
  peers: Iterable<string> = [],
): TrustRoot[] {
  return [
    ...[...(keys.log ? [keys.log.vkey] : []), ...peers].flatMap((vkey) => {
      const key = parseNoteKey(vkey);
      return key.ok
        ? [
            {
              kind: 'log' as const,
              name: key.value.name,
              fingerprint: fingerprintOf(key.value.publicKey),
              vkey,
            },
          ]
        : [];
    }),
    ...keys.streams.flatMap(({ stream, keys: of }) =>
      of.flatMap((key) => {
        const bytes = bytesOf(key);
        return bytes
          ? [
              {
                kind: 'stream-key' as const,
                name: stream,
                stream,
                keyid: key.keyid,
                ...bytes,
                ...validity(key),
              },
            ]
          : [];
      }),
    ),
    ...keys.approvalKeys.flatMap((key) => {
      const bytes = bytesOf(key);
      return bytes
        ? [
            {
              kind: 'approval-key' as const,
              name: issuer,
              issuer,
              kid: key.keyid,
              ...bytes,
              ...validity(key),
            },
          ]
        : [];
    }),
  ].map((root) => ({ ...root, name: root.name.slice(0, 200) }));
}

function bytesOf({ publicKey }: StreamKeyView): { publicKey: string; fingerprint: string } | null {
  const bytes = parseBase64url(publicKey);
  return bytes.ok ? { publicKey: formatBase64(bytes.value), fingerprint: fingerprintOf(bytes.value) } : null;
}

const validity = ({ validFrom, retiredAt }: StreamKeyView) => ({ validFrom, retiredAt });
