import { Panel } from '@/components/ui/panel';
import type { PasskeyGrant, PasskeyView } from '@/lib/identity/passkey-requests';
import { PasskeyList } from './passkey-list';
import { RegisterPasskey } from './register-passkey';

/** A person's own passkeys in the organisation shown, and the way to another. */
export function PasskeysScreen({
  passkeys,
  grant,
  available,
  tenantName,
}: {
  passkeys: readonly PasskeyView[];
  grant: PasskeyGrant;
  available: boolean;
  tenantName: string;
}) {
  const active = passkeys.filter(({ retiredAt }) => retiredAt === null).length;
  return (
    <div className="page passkeys">
      <header>
        <h1>Your passkeys</h1>
        <p className="t2">
          With a passkey it is you who signs a verdict, not this console for you: the key stays in your
          device, and anybody can verify its signature later. These count in {tenantName}.
        </p>
      </header>
      <Panel
        title={active === 0 ? 'Register a device' : 'Register another'}
        note={available ? undefined : 'not at this address'}
      >
        {available ? (
          <RegisterPasskey grant={grant} />
        ) : (
          <p>
            Browsers offer passkeys only where a console is reached by a host name over https, or as
            localhost. Tell whoever runs this one.
          </p>
        )}
      </Panel>
      <Panel title="Devices" note={`${active} in use`} flush>
        {passkeys.length === 0 ? (
          <div className="panel-body">
            <b>No passkey yet</b>
            <p className="dim">
              Your verdicts rest on your session where the policy allows it, and are refused where it does
              not.
            </p>
          </div>
        ) : (
          <PasskeyList passkeys={passkeys} path="/api/v1/passkeys/retire" />
        )}
      </Panel>
    </div>
  );
}
