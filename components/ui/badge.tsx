import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon';
import { type Tone, tones } from './tone';

/** A word on a soft ground with the shape of its meaning: page heads and detail. `plain` has no meaning and no shape. */
export function Badge({
  tone,
  icon,
  big = false,
  children,
}: {
  tone: Tone | 'plain';
  icon?: IconName;
  big?: boolean;
  children: ReactNode;
}) {
  const size = big ? ' big' : '';
  if (tone === 'plain') {
    return (
      <span className={`badge plain${size}`}>
        {icon !== undefined && <Icon name={icon} />}
        {children}
      </span>
    );
  }
  const { icon: shape, className } = tones[tone];
  return (
    <span className={`badge ${className}${size}`}>
      <Icon name={icon ?? shape} />
      {children}
    </span>
  );
}
