import { formatBase64, parseBase64url } from '@/lib/core/encoding';
import { withFingerprint } from '@/lib/evidence/trust/root-bytes';
import type { TrustRoot, TrustRootOf } from '@/lib/evidence/trust/trust-root';
import type { StreamKeyView } from '@/lib/evidence/verification-material';
import { getConfig } from '../config';
import { getLogMaterial, listOwnKeys, listStreamMaterial } from '../integrity/list-stream-material';
import { getAnchorRoot } from './anchor-root';
import { listTrust } from './list-trust-roots';

/**
 * Everything that verifying one organisation's evidence rests on, as roots that a stranger can pin: the log's key, the
 * keys of its streams and of approvals, retired ones included, the anchoring key, and what is pinned here.
 */
export async function getTrust(tenant: string): Promise<TrustRoot[]> {
  const [streams, approvalKeys, pinned] = await Promise.all([
    listStreamMaterial(tenant),
    listOwnKeys('approval'),
    listTrust(tenant),
  ]);
  const { origin, vkey } = getLogMaterial();
  const issuer = getConfig().origin;
  const own = [
    withFingerprint<TrustRootOf<'log'>>({ kind: 'log', name: origin.slice(0, 200), vkey }),
    ...streams.flatMap(({ stream, keys }) =>
      keys.map((key) =>
        withFingerprint<TrustRootOf<'stream-key'>>({
          kind: 'stream-key',
          name: stream.slice(0, 200),
          stream,
          ...keyOf(key),
        }),
      ),
    ),
    ...approvalKeys.map((key) => {
      const { keyid: kid, ...rest } = keyOf(key);
      return withFingerprint<TrustRootOf<'approval-key'>>({
        kind: 'approval-key',
        name: issuer.slice(0, 200),
        issuer,
        kid,
        ...rest,
      });
    }),
  ];
  return [...own.flatMap((root) => (root.ok ? [root.value] : [])), getAnchorRoot(), ...pinned];
}

function keyOf({ keyid, publicKey, validFrom, retiredAt }: StreamKeyView) {
  const bytes = parseBase64url(publicKey);
  return { keyid, publicKey: bytes.ok ? formatBase64(bytes.value) : '', validFrom, retiredAt };
}
