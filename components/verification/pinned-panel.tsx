'use client';

import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { ROOT_WORDS } from '@/lib/evidence/trust/root-words';
import type { TrustRoot } from '@/lib/evidence/trust/trust-root';
import { RootRow, rootKey } from './offered-roots';

/** What this person believes without proof, and how to stop believing it. */
export function PinnedPanel({
  roots,
  onUnpin,
}: {
  roots: readonly TrustRoot[];
  onUnpin: (root: TrustRoot) => void;
}) {
  return (
    <Panel title="Pinned by you" end={<span className="lab num">{roots.length}</span>} flush>
      {roots.length === 0 ? (
        <p className="panel-body t2">
          Nothing yet, so that nothing can be VALID. Drop a trust file, a certificate (PEM or DER), a log’s or
          witness’s key line, a console’s key set or Sigstore’s trusted_root.json, and compare the
          fingerprints with their owners.
        </p>
      ) : (
        <ul className="roots">
          {roots.map((root) => (
            <RootRow key={rootKey(root)} root={root}>
              <Button
                small
                onClick={() => onUnpin(root)}
                title={`What rests on it: ${ROOT_WORDS[root.kind].rests}`}
              >
                Unpin<span className="vh"> {root.name}</span>
              </Button>
            </RootRow>
          ))}
        </ul>
      )}
    </Panel>
  );
}
