import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon, type IconName } from './icon';
import { Kbd } from './kbd';

export type ButtonVariant = 'plain' | 'primary' | 'danger';

/** Class of a button, for links that must look like one. */
export function buttonClass({
  variant = 'plain',
  small = false,
  wide = false,
  locked = false,
}: {
  variant?: ButtonVariant;
  small?: boolean;
  wide?: boolean;
  locked?: boolean;
} = {}): string {
  const kind = variant === 'primary' ? ' pri' : variant === 'danger' ? ' danger' : '';
  return `btn${kind}${small ? ' sm' : ''}${wide ? ' wide' : ''}${locked ? ' locked' : ''}`;
}

/**
 * A button. One `primary` a view; `danger` only for what cannot be undone.
 * `locked` stays focusable and announces itself as disabled, so that a person can still find out why (say it with
 * `aria-describedby`); `busy` ignores further clicks until the answer is there. Neither fires `onClick`.
 */
export function Button({
  variant = 'plain',
  small = false,
  wide = false,
  locked = false,
  busy = false,
  icon,
  kbd,
  children,
  onClick,
  type = 'button',
  className,
  ...rest
}: {
  variant?: ButtonVariant;
  small?: boolean;
  wide?: boolean;
  locked?: boolean;
  busy?: boolean;
  icon?: IconName;
  kbd?: string;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
} & ButtonHTMLAttributes<HTMLButtonElement>) {
  const inert = locked || busy;
  const classes = buttonClass({ variant, small, wide, locked });
  return (
    <button
      {...rest}
      type={type}
      className={className === undefined ? classes : `${classes} ${className}`}
      aria-disabled={inert || undefined}
      aria-busy={busy || undefined}
      onClick={inert ? (event) => event.preventDefault() : onClick}
    >
      {busy ? (
        <Icon name="running" className="spin" />
      ) : (
        icon !== undefined && <Icon name={locked ? 'lock' : icon} />
      )}
      {children}
      {kbd !== undefined && <Kbd>{kbd}</Kbd>}
    </button>
  );
}
