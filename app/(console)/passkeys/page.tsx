import type { Metadata } from 'next';
import { PasskeysScreen } from '@/components/passkeys/passkeys-screen';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import { listOwnPasskeys } from '@/lib/server/passkeys/list-passkeys';
import { arePasskeysAvailable } from '@/lib/server/passkeys/relying-party';
import '@/components/passkeys/passkeys.css';

export const metadata: Metadata = { title: 'Your passkeys' };

/** The signed-in person's own devices. */
export default async function PasskeysPage() {
  const viewer = await requireViewer();
  const { passkeys, grant } = await listOwnPasskeys({ tenant: viewer.tenant.id, person: viewer.person.id });
  return (
    <PasskeysScreen
      passkeys={passkeys}
      grant={grant}
      available={arePasskeysAvailable()}
      tenantName={viewer.tenant.name}
    />
  );
}
