import { expect, it } from 'vitest';
import { checkReason } from '@/lib/escalations/reason';

it.each([
  ['approve', 'matches-evidence', 'Invoice and order agree', true],
  ['approve', 'matches-evidence', 'प्रमाण देख लिया गया है और सही', true],
  ['deny', 'looks-manipulated', 'Text tells the agent to pay', true],
  ['approve', 'looks-manipulated', 'Invoice and order agree', false],
  ['deny', 'anything', 'Text tells the agent to pay', false],
  ['approve', 'matches-evidence', '............................', false],
  ['approve', 'matches-evidence', 'okokokokokokokokokok', false],
  ['approve', 'matches-evidence', '               looks fine', false],
  ['approve', 'matches-evidence', '\u200b'.repeat(40), false],
  ['approve', 'matches-evidence', '', false],
] as const)('%s %s %j → %s', (verdict, code, text, ok) => {
  expect(checkReason(verdict, code, text).ok).toBe(ok);
});
