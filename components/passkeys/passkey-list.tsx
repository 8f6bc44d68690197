import { DataTable } from '@/components/ui/data-table';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Time } from '@/components/ui/time';
import type { PasskeyView } from '@/lib/identity/passkey-requests';
import { ENDING_WORDS } from './device-words';
import { RetirePasskey } from './retire-passkey';

/** Somebody's devices: those in use with a way to end them, and those that ended. */
export function PasskeyList({ passkeys, path }: { passkeys: readonly PasskeyView[]; path: string }) {
  const active = passkeys.filter(({ retiredAt }) => retiredAt === null).length;
  return (
    <DataTable
      caption="Passkeys"
      rows={passkeys}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'name',
          head: 'Device',
          cell: (passkey) => (
            <div className="stack">
              <b>
                <MarkedText text={passkey.name} />
              </b>
              <span className="dim">
                {passkey.backedUp ? 'synchronised by its provider' : 'on this device only'}
              </span>
            </div>
          ),
        },
        {
          key: 'credential',
          head: 'Credential',
          cell: ({ credentialId }) => <Id value={credentialId} copy label="credential id" />,
        },
        {
          key: 'created',
          head: 'Registered',
          cell: ({ createdAt }) => <Time at={createdAt} precision="date" />,
        },
        {
          key: 'used',
          head: 'Last used',
          cell: ({ lastUsedAt }) =>
            lastUsedAt === null ? <span className="dim">never</span> : <Time at={lastUsedAt} />,
        },
        {
          key: 'state',
          head: 'State',
          figures: true,
          cell: (passkey) =>
            passkey.retiredAt === null ? (
              <RetirePasskey passkey={passkey} path={path} last={active === 1} />
            ) : (
              <span className="dim">
                {passkey.ending === null ? 'Ended' : ENDING_WORDS[passkey.ending]},{' '}
                <Time at={passkey.retiredAt} precision="date" />
              </span>
            ),
        },
      ]}
    />
  );
}
