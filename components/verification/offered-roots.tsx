'use client';

import { type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { ROOT_WORDS } from '@/lib/evidence/trust/root-words';
import type { TrustRoot } from '@/lib/evidence/trust/trust-root';

const SHOWN = 12;

export function rootKey(root: Pick<TrustRoot, 'kind' | 'fingerprint'>): string {
  return `${root.kind} ${root.fingerprint}`;
}

/** Keys that a file brings along. Pinning says: I have compared these with their owner, and believe them from now on. */
export function OfferedRoots({
  roots,
  pinned,
  onPin,
}: {
  roots: readonly TrustRoot[];
  pinned: ReadonlySet<string>;
  onPin: (roots: readonly TrustRoot[]) => void;
}) {
  const [all, setAll] = useState(false);
  const open = roots.filter((root) => !pinned.has(rootKey(root)));
  const shown = all ? roots : roots.slice(0, SHOWN);
  return (
    <div className="offered">
      <p>
        <b>{roots.length === 1 ? 'It brings a key along.' : `It brings ${roots.length} keys along.`}</b> A
        file cannot vouch for itself: pin a key only after you have compared its fingerprint with one that you
        got from its owner another way.
      </p>
      <ul className="roots">
        {shown.map((root) => (
          <RootRow key={rootKey(root)} root={root}>
            {pinned.has(rootKey(root)) ? (
              <span className="t2">pinned</span>
            ) : (
              <Button small onClick={() => onPin([root])}>
                Pin<span className="vh"> {root.name}</span>
              </Button>
            )}
          </RootRow>
        ))}
      </ul>
      <div className="vbuttons">
        {roots.length > SHOWN && !all && (
          <Button small onClick={() => setAll(true)}>
            Show all {roots.length}
          </Button>
        )}
        {open.length > 1 && (
          <Button small onClick={() => onPin(open)}>
            Pin all {open.length} and check again
          </Button>
        )}
      </div>
    </div>
  );
}

/** One root: what it is, whose, its fingerprint, and what can be done with it. */
export function RootRow({ root, children }: { root: TrustRoot; children?: ReactNode }) {
  return (
    <li className="root" data-root={root.fingerprint}>
      <span className="root-what">
        <b>{ROOT_WORDS[root.kind].name}</b> <MarkedText text={root.name} />
      </span>
      <span className="root-print">
        <Fingerprint digest={root.fingerprint} /> <Id value={root.fingerprint} keep={8} />
      </span>
      <span className="root-do">{children}</span>
    </li>
  );
}
