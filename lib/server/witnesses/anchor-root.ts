import { formatBase64 } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import { withFingerprint } from '@/lib/evidence/trust/root-bytes';
import type { TrustRootOf } from '@/lib/evidence/trust/trust-root';
import { getConfig } from '../config';
import { getAnchorKey } from '../keys/anchor-key';

/** The key under which this console signs its stamps for Rekor logs, as a root that others can pin. */
export function getAnchorRoot(): TrustRootOf<'anchor-key'> {
  const root = withFingerprint<TrustRootOf<'anchor-key'>>({
    kind: 'anchor-key',
    name: `Anchoring key of ${getConfig().origin}`.slice(0, 200),
    publicKey: formatBase64(getAnchorKey().publicKey),
  });
  invariant(root.ok, 'getAnchorRoot: our own key');
  return root.value;
}
