import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Icon, type IconName } from './icon';

/** A filter that is on or off and carries its count. With `icon` (for instance `x`, `down`) the shape follows the words. */
export function Chip({
  pressed,
  count,
  icon,
  children,
  ...rest
}: {
  pressed?: boolean;
  count?: number | string;
  icon?: IconName;
  children: ReactNode;
} & Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'type'>) {
  return (
    <button {...rest} type="button" className="chip" aria-pressed={pressed}>
      {children}
      {count !== undefined && <span className="c">{count}</span>}
      {icon !== undefined && <Icon name={icon} small />}
    </button>
  );
}
