import type { DeviceFault } from '@/lib/client/passkeys/ask-device';

/** What the device did not do, and what to do now. */
export const DEVICE_WORDS: Readonly<Record<DeviceFault, { title: string; meaning: string }>> = {
  device_cancelled: {
    title: 'The device signed nothing',
    meaning:
      'It was cancelled, or no passkey of yours was there. Nothing was recorded; you can ask it again.',
  },
  device_timed_out: {
    title: 'The device did not answer in time',
    meaning: 'It had two minutes. Nothing was recorded; you can ask it again.',
  },
  device_registered: {
    title: 'This device is registered already',
    meaning: 'It holds one of your passkeys here. Use another device, or keep this one.',
  },
  device_unsupported: {
    title: 'This browser knows no passkeys',
    meaning: 'Nothing was recorded. Use a browser that does, or your phone.',
  },
  device_failed: {
    title: 'The device could not sign',
    meaning: 'It answered with an error of its own. Nothing was recorded; try again, or use another device.',
  },
};

export const ENDING_WORDS = {
  replaced: 'Replaced by another',
  lost: 'Lost',
  stolen: 'Stolen',
  left: 'Its owner left',
  cloned: 'It may have been copied',
  other: 'Another reason',
} as const;
