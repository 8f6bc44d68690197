import { DataTable } from '@/components/ui/data-table';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import { KeyValues } from '@/components/ui/key-values';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { RelativeTime } from '@/components/ui/time';
import type { OwnMeshIdentity, PeerView } from '@/lib/mesh/mesh-requests';
import { AddPeer } from './add-peer';
import { SharePeer } from './share-peer';

/** A pinned peer with the digest of its log's key, for comparing by eye. */
export type PinnedPeer = PeerView & { logFingerprint: string };

function sharedWords({ gives, takes }: PeerView): string {
  if (gives && takes) return 'each sees what the other’s decisions continue';
  if (gives) return 'it may fetch decisions of ours that its own continue';
  if (takes) return 'our decisions may continue decisions of its';
  return 'nothing is shared with this organisation';
}

/** The consoles of other sites: who they are, what is shared, and what they need to know of this one. */
export function PeersPanel({
  peers,
  own,
  mayChange,
}: {
  peers: readonly PinnedPeer[];
  own: OwnMeshIdentity;
  mayChange: boolean;
}) {
  return (
    <>
      <Panel
        title="Other consoles"
        note={`${peers.length} pinned`}
        end={mayChange ? <AddPeer /> : undefined}
        flush
      >
        {peers.length === 0 ? (
          <StateBox kind="empty" title="No other console is pinned">
            Pin one to cosign its log, and to show decisions that continue each other across sites, each with
            its proof.
          </StateBox>
        ) : (
          <DataTable
            caption="Other consoles"
            rows={peers}
            rowKey={({ name }) => name}
            columns={[
              {
                key: 'name',
                head: 'Console',
                cell: (peer) => (
                  <div className="stack">
                    <b>
                      <MarkedText text={peer.name} />
                    </b>
                    <Id value={peer.url} whole copy label="address" />
                  </div>
                ),
              },
              {
                key: 'log',
                head: 'Its log',
                cell: (peer) => (
                  <div className="stack">
                    <span className="acts">
                      <Fingerprint digest={peer.logFingerprint} />
                      <Id value={peer.logVkey} keep={6} copy label="verifier key" />
                    </span>
                    <span className="dim num">
                      {peer.cosigned === null ? (
                        'no checkpoint of it cosigned here yet'
                      ) : (
                        <>
                          cosigned here at {peer.cosigned.size.toLocaleString('en')},{' '}
                          <RelativeTime at={peer.cosigned.at} />
                        </>
                      )}
                    </span>
                  </div>
                ),
              },
              {
                key: 'shared',
                head: 'Shared',
                cell: (peer) => (
                  <div className="stack">
                    {sharedWords(peer)}
                    <span className="dim num">
                      {peer.held.toLocaleString('en')} of its decisions held here
                    </span>
                  </div>
                ),
              },
              {
                key: 'acts',
                head: mayChange ? 'Change' : '',
                figures: true,
                cell: (peer) =>
                  mayChange ? (
                    <div className="acts">
                      <SharePeer peer={peer.name} gives={peer.gives} takes={peer.takes} />
                    </div>
                  ) : null,
              },
            ]}
          />
        )}
      </Panel>
      <Panel title="What the other console’s administrator pins of this one">
        <KeyValues
          left
          rows={[
            { label: 'Address', value: <Id value={own.url} whole copy label="address" /> },
            {
              label: 'Verifier key of the log',
              value: <Id value={own.logVkey} whole copy label="verifier key" />,
            },
            {
              label: 'Key of its requests',
              value: <Id value={own.publicKey} whole copy label="key of requests" />,
            },
            {
              label: 'As a witness',
              value: <Id value={own.witnessUrl} whole copy label="address of the witness" />,
            },
            {
              label: 'Witness key',
              value: <Id value={own.witnessVkey} whole copy label="witness key" />,
            },
          ]}
        />
      </Panel>
    </>
  );
}
