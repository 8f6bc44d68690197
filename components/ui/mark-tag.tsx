import type { ReactNode } from 'react';
import { Icon } from './icon';

/** The marker pen with a few words, "reads like an instruction": look here. Not a verdict. */
export function MarkTag({ children }: { children: ReactNode }) {
  return (
    <span className="marktag">
      <Icon name="mark" />
      {children}
    </span>
  );
}
