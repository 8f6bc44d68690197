import type { ReactNode } from 'react';
import { Icon } from './icon';

/** "Look here": a flag, one sentence, one quiet line of evidence. Lies in a `<Findings>`. */
export function Finding({ children, evidence }: { children: ReactNode; evidence?: ReactNode }) {
  return (
    <li className="find-row">
      <Icon name="flag" />
      <p>{children}</p>
      {evidence !== undefined && <small>{evidence}</small>}
    </li>
  );
}

/** A list of findings. */
export function Findings({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className="finds" aria-label={label}>
      {children}
    </ul>
  );
}
