import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSeenId, parseSeenId } from './seen-id';

test('prints and reads back any name and version', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((each) => !each.includes('\u0000'));
  fc.assert(
    fc.property(text, text, (name, version) => {
      const key = { kind: 'guardrail-threshold', name, version } as const;
      expect(parseSeenId(formatSeenId(key))).toEqual(key);
    }),
  );
});

test.each([
  ['nothing', ''],
  ['another prefix', 'sean:model:YQ:Yg'],
  ['a kind that nothing announces', 'seen:agent:YQ:Yg'],
  ['no version', 'seen:model:YQ:'],
  ['a part too many', 'seen:model:YQ:Yg:Yw'],
  ['padding', 'seen:model:YQ==:Yg'],
  ['no UTF-8', 'seen:model:_w:Yg'],
  ['a NUL', 'seen:model:AA:Yg'],
])('refuses %s', (_name, id) => {
  expect(parseSeenId(id)).toBeNull();
});
