import Link from 'next/link';
import type { ReactNode } from 'react';
import { CurrentInView } from './current-in-view';
import { Icon, type IconName } from './icon';

/** One tab: a URL, because every view can be sent to a colleague. */
export type Tab = { key: string; label: ReactNode; href: string; icon?: IconName; note?: ReactNode };

/** A row of links that show one part of a page at a time; `current` is the key of the one that is open. */
export function Tabs({ label, tabs, current }: { label: string; tabs: readonly Tab[]; current: string }) {
  return (
    <nav className="pane-nav tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.key}
          href={tab.href}
          aria-current={tab.key === current ? 'page' : undefined}
          scroll={false}
        >
          {tab.icon !== undefined && <Icon name={tab.icon} />}
          {tab.label}
          {tab.note !== undefined && <small className="dim">{tab.note}</small>}
        </Link>
      ))}
      <CurrentInView current={current} />
    </nav>
  );
}
