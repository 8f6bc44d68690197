import { Badge } from '@/components/ui/badge';
import { buttonClass } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Icon } from '@/components/ui/icon';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { ROOT_WORDS } from '@/lib/evidence/trust/root-words';
import type { TrustRootView } from '@/lib/evidence/witness-view';
import { PinRoots } from './pin-roots';
import { UnpinRoot } from './unpin-root';

/** Block headers come by the thousand; the newest stand for them. */
const HEADERS_SHOWN = 5;

/** What is believed without proof: every root under which receipts are verified, who pinned it, and when. */
export function TrustRootsPanel({
  roots,
  mayChange,
}: {
  roots: readonly TrustRootView[];
  mayChange: boolean;
}) {
  const headers = roots.filter(({ root }) => root.kind === 'bitcoin-header');
  const hidden = new Set(headers.slice(HEADERS_SHOWN));
  const shown = roots.filter((root) => !hidden.has(root));
  return (
    <Panel
      title="Trust roots"
      note={`${roots.filter(({ unpinnedAt }) => unpinnedAt === null).length} pinned`}
      end={
        <span className="acts">
          <a className={buttonClass({ small: true })} href="/api/v1/trust" download="countersign.trust.json">
            <Icon name="download" />
            Trust file
          </a>
          {mayChange && <PinRoots />}
        </span>
      }
      flush
    >
      {roots.length === 0 ? (
        <StateBox kind="empty" title="Nothing is pinned">
          A receipt counts only under a root that a person pinned here. Nothing is fetched when it is
          verified.
        </StateBox>
      ) : (
        <>
          <DataTable
            caption="Trust roots"
            rows={shown}
            rowKey={({ root }) => `${root.kind} ${root.fingerprint}`}
            columns={[
              { key: 'name', head: 'Root', cell: (root) => <Named {...root} /> },
              {
                key: 'fingerprint',
                head: 'Fingerprint',
                cell: ({ root }) => (
                  <span className="fp-line">
                    <Fingerprint digest={root.fingerprint} />
                    <Id value={root.fingerprint} keep={12} copy label="fingerprint" />
                  </span>
                ),
              },
              {
                key: 'pinned',
                head: 'Pinned',
                cell: ({ pinnedAt, pinnedBy }) => (
                  <div className="stack">
                    <Time at={pinnedAt} precision="minute" />
                    <span className="dim">
                      by <MarkedText text={pinnedBy} />
                    </span>
                  </div>
                ),
              },
              {
                key: 'acts',
                head: mayChange ? 'Change' : 'State',
                figures: true,
                cell: ({ root, unpinnedAt }) =>
                  unpinnedAt !== null ? (
                    <Badge tone="plain">
                      unpinned <Time at={unpinnedAt} precision="date" />
                    </Badge>
                  ) : mayChange ? (
                    <UnpinRoot kind={root.kind} fingerprint={root.fingerprint} name={root.name} />
                  ) : (
                    'trusted'
                  ),
              },
            ]}
          />
          {hidden.size > 0 && (
            <p className="settings-more dim">
              and <span className="num">{hidden.size.toLocaleString('en')}</span> more Bitcoin block headers;
              the trust file holds all of them.
            </p>
          )}
        </>
      )}
    </Panel>
  );
}

function Named({ root }: TrustRootView) {
  const { name, rests } = ROOT_WORDS[root.kind];
  return (
    <div className="stack">
      <b className="wit-address">
        <MarkedText text={root.name} />
      </b>
      <span className="dim">
        {name}: {rests}
      </span>
    </div>
  );
}
