import { expect, test } from 'vitest';
import { type Announcement, listSeenVersions, type VersionUse } from './seen-version';

const use = (
  kind: VersionUse['kind'],
  version: string,
  firstDay: number,
  lastDay = firstDay,
  name = 'meridian/finance',
): VersionUse => ({
  kind,
  name,
  version,
  agents: ['a'],
  firstAt: `2026-06-${String(firstDay).padStart(2, '0')}T10:00:00.000Z`,
  lastAt: `2026-06-${String(lastDay).padStart(2, '0')}T20:00:00.000Z`,
  n: 10,
});
const told = (target: string, name: string, toVersion: string, day: number): Announcement => ({
  target,
  name,
  toVersion,
  at: `2026-06-${String(day).padStart(2, '0')}T09:00:00.000Z`,
});

test('the first version of a thing is no change; a later one is, announced or not', () => {
  const uses = [use('model', '1', 1, 9), use('model', '2', 10, 12), use('model', '3', 13)];
  expect(
    listSeenVersions(uses, [told('model', 'finance', '2', 10)]).map(({ version, previous, announced }) => [
      version,
      previous,
      announced,
    ]),
  ).toEqual([
    ['3', '2', false],
    ['2', '1', true],
  ]);
});

test.each([
  ['another name', told('model', 'clinical', '2', 10)],
  ['another version', told('model', 'finance', '2.1', 10)],
  ['another target', told('prompt', 'finance', '2', 10)],
  ['the end of a name only', told('model', 'nance', '2', 10)],
])('a record of %s announces nothing', (_name, record) => {
  expect(listSeenVersions([use('model', '1', 1), use('model', '2', 10)], [record])[0]?.announced).toBe(false);
});

test('a lowered guardrail threshold is called that, in numbers', () => {
  const uses = [
    use('guardrail-threshold', '0.80', 1, 9, 'payee-match'),
    use('guardrail-threshold', '0.7', 10, 12, 'payee-match'),
    use('guardrail-threshold', '0.75', 13, 13, 'payee-match'),
    use('guardrail-threshold', '0.750', 14, 14, 'payee-match'),
  ];
  expect(listSeenVersions(uses, []).map(({ version, direction }) => [version, direction])).toEqual([
    ['0.750', null],
    ['0.75', 'raised'],
    ['0.7', 'lowered'],
  ]);
  expect(
    listSeenVersions(uses, [told('guardrail', 'payee-match', '5', 9)]).map((each) => each.announced),
  ).toEqual([true, true, true]);
});

test('two versions side by side: what went on being used is what a third one replaces', () => {
  const uses = [use('prompt', 'a', 1, 20), use('prompt', 'b', 5, 6), use('prompt', 'c', 21)];
  expect(listSeenVersions(uses, []).map(({ version, previous }) => [version, previous])).toEqual([
    ['c', 'a'],
    ['b', 'a'],
  ]);
});

test('what no record could announce is not held against anybody', () => {
  expect(listSeenVersions([use('agent', '1', 1), use('agent', '2', 2)], [])).toEqual([]);
});
