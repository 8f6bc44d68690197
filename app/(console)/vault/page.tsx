import type { Metadata } from 'next';
import { VaultScreen } from '@/components/vault/vault-screen';
import { mayLookBehind, PAGE_ROLES } from '@/lib/identity/permissions';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Vault & holds' };

export default async function VaultPage() {
  const { person, roles } = await requireViewer(PAGE_ROLES.vault);
  return (
    <VaultScreen
      duties={{
        person: person.id,
        look: mayLookBehind(roles),
        schedule: roles.includes('compliance'),
        policy: roles.includes('data_protection'),
      }}
    />
  );
}
