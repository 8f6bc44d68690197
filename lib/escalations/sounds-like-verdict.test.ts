import { expect, it } from 'vitest';
import { soundsLikeVerdict } from './sounds-like-verdict';

it.each([
  'I would approve this',
  'Deny!',
  'looks FINE to me',
  'ＡＰＰＲＯＶＥ',
  '👍',
  'genehmigen? да',
  'this is a scam',
])('holds back: %s', (text) => expect(soundsLikeVerdict(text)).toBe(true));

it.each([
  'The supplier was called at 14:05.',
  'Invoice 4471 is in the shared folder.',
  'Who handles this account?',
])('shows: %s', (text) => expect(soundsLikeVerdict(text)).toBe(false));
