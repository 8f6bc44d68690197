import Link from 'next/link';
import type { ReactNode } from 'react';
import { Icon } from './icon';

/** The way to this page; the last entry is where one stands and has no link. */
export function Crumbs({ items }: { items: readonly { label: ReactNode; href?: string }[] }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className="crumb">
        {items.map((item, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity of a crumb
          <li key={at}>
            {at > 0 && <Icon name="right" small />}
            {item.href === undefined ? (
              <span aria-current="page">{item.label}</span>
            ) : (
              <Link href={item.href}>{item.label}</Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
