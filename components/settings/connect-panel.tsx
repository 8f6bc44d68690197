import { CopyButton } from '@/components/ui/copy-button';
import { DataTable } from '@/components/ui/data-table';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import { KeyValues } from '@/components/ui/key-values';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import { SCHEMA_VERSION } from '@/lib/decisions/record-payload';

export interface ConsoleKeyShown {
  keyid: string;
  purpose: string;
  validFrom: string;
  retiredAt: string | null;
}

const PURPOSES: Record<string, string> = {
  journal: "the console's own records",
  log: 'checkpoints of the log',
  approval: 'approval tokens',
  drill: 'drills, never an approval',
};

/** The addresses that gateways, auditors and monitors use, and the fingerprints to compare them by. */
export function ConnectPanel({
  origin,
  vkey,
  keys,
}: {
  origin: string;
  vkey: string;
  keys: readonly ConsoleKeyShown[];
}) {
  const address = (path: string) => <Id value={`${origin}${path}`} whole copy label="address" />;
  return (
    <>
      <Panel title="Addresses">
        <KeyValues
          left
          rows={[
            { label: 'Console and issuer', value: address('') },
            { label: 'Decision point', value: address('/access/v1/evaluation') },
            { label: 'Access requests', value: address('/access/v1/requests') },
            { label: 'Records', value: address('/api/v1/records') },
            { label: 'Approval keys', value: address('/.well-known/jwks.json') },
            { label: 'Description (OpenAPI)', value: address('/api/openapi.json') },
            { label: 'Record schemas', value: address(`/schemas/records/${SCHEMA_VERSION}/index.json`) },
            { label: 'Health', value: address('/api/v1/health') },
            { label: 'Proof', value: address('/api/v1/proof') },
          ]}
        />
      </Panel>
      <Panel
        title="Keys of this console"
        note="compare the fingerprints over another channel before you pin one"
      >
        <DataTable
          caption="Keys of this console"
          rows={keys}
          rowKey={(key) => key.keyid}
          columns={[
            { key: 'purpose', head: 'Signs', cell: (key) => PURPOSES[key.purpose] ?? key.purpose },
            {
              key: 'keyid',
              head: 'Key (RFC 7638)',
              cell: (key) => (
                <>
                  <Fingerprint digest={key.keyid} /> <Id value={key.keyid} whole copy label="key" />
                </>
              ),
            },
            { key: 'from', head: 'Valid from', cell: (key) => <Time at={key.validFrom} precision="date" /> },
            {
              key: 'to',
              head: 'Until',
              cell: (key) =>
                key.retiredAt === null ? 'in use' : <Time at={key.retiredAt} precision="date" />,
            },
          ]}
        />
        <KeyValues
          left
          rows={[
            { label: 'Verifier key of the log', value: <Id value={vkey} whole copy label="verifier key" /> },
          ]}
        />
      </Panel>
    </>
  );
}

/** Code to paste: the shortest gateway that asks, waits for people, verifies, redeems and reports. */
export function GatewaySnippet({ code }: { code: string }) {
  return (
    <Panel title="A gateway in TypeScript" end={<CopyButton text={code} label="Copy the code" />}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section aria-label="Code of a gateway" className="settings-code" tabIndex={0}>
        <code>{code}</code>
      </section>
    </Panel>
  );
}
