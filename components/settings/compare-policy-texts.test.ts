import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { comparePolicyTexts } from './compare-policy-texts';

const text = readFileSync(new URL('../../e2e/setup/story-policy.json', import.meta.url), 'utf8');

describe('comparing two policy texts', () => {
  it('calls a lowered threshold that', () => {
    const result = comparePolicyTexts(text, text.replace('"500"', '"200"'));
    expect(result.ok && result.value.changes).toEqual([
      { change: 'lowered', words: 'threshold large-payment lowered from 500 to 200' },
    ]);
  });

  it('finds nothing when only spaces differ, and everything when nothing was in force', () => {
    const same = comparePolicyTexts(text, `${text}\n`);
    expect(same.ok && same.value.changes).toEqual([]);
    const first = comparePolicyTexts(null, text);
    expect(first.ok && first.value.changes.every(({ change }) => change === 'added')).toBe(true);
  });

  it.each([
    ['broken JSON', '{'],
    ['a key twice', '{"id":"a","id":"b"}'],
    ['a rule without its bound', text.replace('"above": "500",', '')],
  ])('refuses %s and says where', (_name, wrong) => {
    const result = comparePolicyTexts(text, wrong);
    expect(result).toMatchObject({ ok: false, code: 'policy_invalid' });
    expect(!result.ok && result.detail).toBeTruthy();
  });
});
