import type { ButtonHTMLAttributes, Ref } from 'react';
import { Icon, type IconName } from './icon';

/** A borderless button that shows only a shape; `label` is its name for everyone who cannot see it, and its tooltip. */
export function IconButton({
  icon,
  label,
  type = 'button',
  className,
  ...rest
}: {
  icon: IconName;
  label: string;
  ref?: Ref<HTMLButtonElement>;
} & Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children' | 'aria-label'>) {
  return (
    <button
      title={label}
      {...rest}
      type={type}
      className={className === undefined ? 'ghost' : `ghost ${className}`}
      aria-label={label}
    >
      <Icon name={icon} />
    </button>
  );
}
