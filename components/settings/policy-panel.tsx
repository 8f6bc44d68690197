import Link from 'next/link';
import { DataTable } from '@/components/ui/data-table';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import { JsonTree } from '@/components/ui/json-tree';
import { KeyValues } from '@/components/ui/key-values';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { routes } from '@/lib/client/routes';

export interface PolicyShown {
  id: string;
  version: number;
  digest: string;
  text: string;
  activeFrom: string;
  /** Name of the person, or how it was published. */
  publishedBy: string;
}

/** One version of the policy, as the exact text that was published. */
export function PolicyPanel({ policy, inForce }: { policy: PolicyShown | null; inForce: boolean }) {
  if (!policy)
    return (
      <StateBox kind="empty" title="No policy is in force">
        Nothing can be allowed and nothing can be escalated until an administrator publishes one.
      </StateBox>
    );
  return (
    <Panel
      title={`${policy.id}, version ${policy.version}`}
      note={inForce ? 'in force' : 'not in force any more'}
    >
      <KeyValues
        left
        rows={[
          { label: 'In force since', value: <Time at={policy.activeFrom} /> },
          { label: 'Published by', value: policy.publishedBy },
          {
            label: 'Digest',
            value: (
              <>
                <Fingerprint digest={policy.digest} />{' '}
                <Id value={policy.digest} keep={6} copy label="digest" />
              </>
            ),
          },
        ]}
      />
      <JsonTree json={policy.text} title="Policy document" note="exactly as published" />
    </Panel>
  );
}

/** Every version that was ever in force, newest first. */
export function PolicyVersions({
  versions,
  shown,
}: {
  versions: readonly Omit<PolicyShown, 'text'>[];
  shown: number | null;
}) {
  return (
    <Panel title="Versions" note={String(versions.length)} flush>
      <DataTable
        caption="Versions of the policy"
        rows={versions}
        rowKey={(version) => String(version.version)}
        columns={[
          {
            key: 'version',
            head: 'Version',
            cell: (version) => (
              <Link
                href={`${routes.settings()}/policy?version=${version.version}`}
                aria-current={version.version === shown ? 'true' : undefined}
              >
                {version.id} {version.version}
              </Link>
            ),
          },
          { key: 'since', head: 'In force from', cell: (version) => <Time at={version.activeFrom} /> },
          { key: 'by', head: 'Published by', cell: (version) => version.publishedBy },
          {
            key: 'digest',
            head: 'Digest',
            cell: (version) => <Id value={version.digest} keep={8} label="digest" />,
          },
        ]}
      />
    </Panel>
  );
}
