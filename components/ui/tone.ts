import type { IconName } from './icon';

/** A meaning with its fixed colour. Each also has a shape, and the caller adds the word. */
export type Tone = 'allow' | 'refuse' | 'escalate' | 'defer' | 'valid' | 'invalid' | 'not-checked';

/** Shape and class of each meaning: never colour alone. */
export const tones: Record<Tone, { icon: IconName; className: string }> = {
  allow: { icon: 'check', className: 'allow' },
  refuse: { icon: 'shield', className: 'refuse' },
  escalate: { icon: 'hand', className: 'escalate' },
  defer: { icon: 'clock', className: 'defer' },
  valid: { icon: 'valid', className: 'valid' },
  invalid: { icon: 'invalid', className: 'invalid' },
  'not-checked': { icon: 'not-checked', className: 'nc' },
};
