import type { Metadata } from 'next';
import { ConnectPanel, GatewaySnippet } from '@/components/settings/connect-panel';
import { gatewayCode } from '@/components/settings/gateway-code';
import { SettingsHead } from '@/components/settings/settings-head';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { getConfig } from '@/lib/server/config';
import { getProof } from '@/lib/server/health/get-proof';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import { listProducers } from '@/lib/server/producers/list-producers';

export const metadata: Metadata = { title: 'Connect and verify' };

/** What an engineer needs to connect a gateway, and what an auditor needs to pin. */
export default async function ConnectPage() {
  const viewer = await requireViewer(SETTINGS_ROLES.connect);
  const [proof, producers] = await Promise.all([getProof(), listProducers(viewer.tenant.id)]);
  const { origin } = getConfig();
  const gateway = producers.find((producer) => producer.kind === 'gateway' && producer.disabledAt === null);
  const example = `spiffe://${new URL(origin).hostname}/gateway/payments`;
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="connect"
        mayChange={viewer.roles.includes('admin')}
      />
      <ConnectPanel
        origin={origin}
        vkey={proof.log.vkey}
        keys={proof.keys.map(({ keyid, purpose, validFrom, retiredAt }) => ({
          keyid,
          purpose,
          validFrom,
          retiredAt,
        }))}
      />
      <GatewaySnippet code={gatewayCode(origin, gateway?.id ?? example)} />
    </>
  );
}
