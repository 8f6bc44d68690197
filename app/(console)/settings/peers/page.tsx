import type { Metadata } from 'next';
import { PeersPanel } from '@/components/settings/peers-panel';
import { SettingsHead } from '@/components/settings/settings-head';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import { listPeers } from '@/lib/server/mesh/list-peers';
import { getOwnIdentity } from '@/lib/server/mesh/own-identity';

export const metadata: Metadata = { title: 'Other consoles' };

/** `sha-256:…` of the key in a verifier key. */
function fingerprintOf(vkey: string): string {
  const key = parseNoteKey(vkey);
  return formatDigest('sha-256', sha256(key.ok ? key.value.publicKey : new Uint8Array()));
}

/** The consoles of other sites, and what is shared with each. */
export default async function PeersPage() {
  const viewer = await requireViewer(SETTINGS_ROLES.peers);
  const mayChange = viewer.roles.includes('admin');
  const peers = await listPeers(viewer.tenant.id);
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="peers"
        mayChange={mayChange}
      />
      <PeersPanel
        peers={peers.map((peer) => ({ ...peer, logFingerprint: fingerprintOf(peer.logVkey) }))}
        own={getOwnIdentity()}
        mayChange={mayChange}
      />
    </>
  );
}
