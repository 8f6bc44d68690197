import type { Metadata } from 'next';
import { z } from 'zod';
import { ConformancePanel } from '@/components/settings/conformance-panel';
import { SettingsHead } from '@/components/settings/settings-head';
import { StateBox } from '@/components/ui/state-box';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import { getConformance } from '@/lib/server/producers/get-conformance';

export const metadata: Metadata = { title: 'Conformance' };

const search = z.object({ producer: z.string().max(512).catch('') });

/** How far one producer's newest records give what an investigation asks for. */
export default async function ConformancePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const viewer = await requireViewer(SETTINGS_ROLES.producers);
  const { producer } = search.parse(await searchParams);
  const conformance = await getConformance(viewer.tenant.id, producer);
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="producers"
        mayChange={viewer.roles.includes('admin')}
      />
      {conformance ? (
        <ConformancePanel conformance={conformance} />
      ) : (
        <StateBox kind="empty" title="No such producer here">
          Choose one under Producers and keys.
        </StateBox>
      )}
    </>
  );
}
