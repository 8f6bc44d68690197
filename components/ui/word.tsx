import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon';
import { type Tone, tones } from './tone';

/** Words that are not a meaning: a guardrail's result, and states that are not outcomes. */
const neutral = {
  pass: { icon: 'check', className: 'pass' },
  fail: { icon: 'flag', className: 'fail' },
  expired: { icon: 'clock', className: 'dim' },
  cancelled: { icon: 'x', className: 'dim' },
  superseded: { icon: 'arrow', className: 'dim' },
  running: { icon: 'running', className: 'dim' },
  waiting: { icon: 'waiting', className: 'dim' },
} as const satisfies Record<string, { icon: IconName; className: string }>;

/** A word with its shape and no ground, for rows, tables and running text. Expiry and its like stay grey. */
export function Word({
  tone,
  icon,
  children,
}: {
  tone: Tone | keyof typeof neutral;
  icon?: IconName;
  children: ReactNode;
}) {
  const { icon: shape, className } =
    tone in neutral ? neutral[tone as keyof typeof neutral] : tones[tone as Tone];
  return (
    <span className={`w ${className}`}>
      <Icon name={icon ?? shape} className={tone === 'running' ? 'spin' : undefined} />
      {children}
    </span>
  );
}
