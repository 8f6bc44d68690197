import type { Metadata } from 'next';
import { PolicyEditor } from '@/components/settings/policy-editor';
import { PolicyPanel, PolicyVersions } from '@/components/settings/policy-panel';
import { PolicySandbox } from '@/components/settings/policy-sandbox';
import { SettingsHead } from '@/components/settings/settings-head';
import { parseDecimal } from '@/lib/core/encoding';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { nowMs } from '@/lib/server/clock';
import { listPeople } from '@/lib/server/identity/list-people';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import { getPolicyText } from '@/lib/server/policies/get-policy-text';
import { listPolicies } from '@/lib/server/policies/list-policies';

export const metadata: Metadata = { title: 'Policy' };

function parseVersion(text: string | string[] | undefined): number | null {
  const version = typeof text === 'string' ? parseDecimal(text) : null;
  return version?.ok && version.value <= 2_147_483_647 ? version.value : null;
}

/** The perimeter in force, what was in force before, and for an administrator the next version. */
export default async function PolicyPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const viewer = await requireViewer(SETTINGS_ROLES.policy);
  const tenant = viewer.tenant.id;
  const wanted = parseVersion((await searchParams).version);
  const [inForce, chosen, versions, people] = await Promise.all([
    getPolicyText(tenant, null, nowMs()),
    wanted === null ? null : getPolicyText(tenant, wanted, nowMs()),
    listPolicies(tenant),
    listPeople(tenant),
  ]);
  const names = new Map(people.map((person) => [person.id, person.name]));
  const named = <P extends { publishedBy: string }>(policy: P): P => ({
    ...policy,
    publishedBy: names.get(policy.publishedBy) ?? policy.publishedBy,
  });
  const shown = chosen ?? inForce;
  const mayChange = viewer.roles.includes('admin');
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="policy"
        mayChange={mayChange}
      />
      <PolicyPanel policy={shown ? named(shown) : null} inForce={shown?.version === inForce?.version} />
      {mayChange && (
        <PolicyEditor key={inForce?.digest} text={inForce?.text ?? null} version={inForce?.version ?? 0} />
      )}
      {!mayChange && inForce && <PolicySandbox text={inForce.text} />}
      <PolicyVersions versions={versions.map(named)} shown={shown?.version ?? null} />
    </>
  );
}
