import type { ReactNode } from 'react';
import { Icon } from './icon';

/** Label of what cannot be drawn faithfully. It says so instead of summarising. */
export function NotInspectable({ children = 'not inspectable' }: { children?: ReactNode }) {
  return (
    <span className="opaque">
      <Icon name="opaque" small />
      {children}
    </span>
  );
}
