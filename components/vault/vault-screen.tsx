'use client';

import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Tabs } from '@/components/ui/tabs';
import { vaultQuery } from '@/lib/client/queries/vault';
import { routes } from '@/lib/client/routes';
import type { VaultOverview } from '@/lib/retention/vault-overview';
import { AccessPolicy } from './access-policy';
import { ErasuresPanel } from './erasures-panel';
import { FindSubject } from './find-subject';
import { HoldsPanel } from './holds-panel';
import { LooksPanel } from './looks-panel';
import { RequestsPanel } from './requests-panel';
import { RetentionPanel } from './retention-panel';
import { RevealIdentifier } from './reveal-identifier';
import type { VaultDuties } from './vault-duties';
import './vault.css';

const TABS = ['looks', 'requests', 'holds', 'retention', 'erasures'] as const;

/** Looks behind tokens, what waits for a second person, legal holds, retention and erasures. */
export function VaultScreen({ duties }: { duties: VaultDuties }) {
  const params = useSearchParams();
  const overview = useQuery(vaultQuery());
  const tab = TABS.find((key) => key === params.get('tab')) ?? 'looks';
  const { data } = overview;
  const waiting = data?.requests.filter(({ state }) => state === 'pending').length ?? 0;
  const holding = data?.holds.filter(({ released }) => released === null).length ?? 0;
  const due = data?.retention.due.reduce((sum, { dueSoon }) => sum + dueSoon, 0) ?? 0;
  const note = (n: number) => (data && n > 0 ? n.toLocaleString('en') : undefined);
  return (
    <div className="page vault">
      <div className="row1h">
        <h1>Vault & holds</h1>
        {duties.look && (
          <span className="end vtop">
            <FindSubject label="Find a token" />
            <RevealIdentifier />
          </span>
        )}
      </div>
      {data && <AccessPolicy key={data.policy.version} current={data.policy} maySet={duties.policy} />}
      <Tabs
        label="Vault & holds"
        current={tab}
        tabs={[
          { key: 'looks', label: 'Looks', href: routes.vault() },
          { key: 'requests', label: 'Requests', href: routes.vault('requests'), note: note(waiting) },
          { key: 'holds', label: 'Holds', href: routes.vault('holds'), note: note(holding) },
          { key: 'retention', label: 'Retention', href: routes.vault('retention'), note: note(due) },
          {
            key: 'erasures',
            label: 'Erasures',
            href: routes.vault('erasures'),
            note: note(data?.erasures.length ?? 0),
          },
        ]}
      />
      {tab === 'looks' ? (
        <LooksPanel />
      ) : overview.isPending ? (
        <Skeleton lines={10} label="Reading the vault’s books" />
      ) : !data ? (
        <StateBox
          kind="failing"
          title="This could not be read"
          action={
            <Button small onClick={() => overview.refetch()}>
              Read again
            </Button>
          }
        >
          {overview.error?.message} Holds are in force all the same, and nothing is shown without a record.
        </StateBox>
      ) : (
        <Part tab={tab} data={data} duties={duties} />
      )}
    </div>
  );
}

function Part({
  tab,
  data,
  duties,
}: {
  tab: (typeof TABS)[number];
  data: VaultOverview;
  duties: VaultDuties;
}) {
  switch (tab) {
    case 'requests':
      return <RequestsPanel requests={data.requests} duties={duties} />;
    case 'holds':
      return <HoldsPanel holds={data.holds} duties={duties} />;
    case 'retention':
      return <RetentionPanel retention={data.retention} duties={duties} />;
    case 'erasures':
      return <ErasuresPanel erasures={data.erasures} duties={duties} />;
    default:
      return null;
  }
}
