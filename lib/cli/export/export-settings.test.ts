import { expect, test } from 'vitest';
import { packagePath, parseExportSettings } from './export-settings';

const COMMON = [
  '--console',
  'https://console.example/',
  '--email',
  'a@example.org',
  '--out',
  'x.evidence.zip',
];
const PURPOSE = ['--purpose', 'internal-audit'];

test('one decision, a case or a search, with what goes with it', () => {
  expect(parseExportSettings([...COMMON, ...PURPOSE, '--decision', 'dec_1', '--payloads'])).toMatchObject({
    console: 'https://console.example',
    out: 'x',
    request: {
      scope: { kind: 'decision', decision: 'dec_1' },
      purpose: 'internal-audit',
      caseReference: null,
      payloads: true,
    },
  });
  expect(parseExportSettings([...COMMON, ...PURPOSE, '--case', 'dec_1,dec_2'])?.request.scope).toEqual({
    kind: 'case',
    decisions: ['dec_1', 'dec_2'],
  });
  expect(parseExportSettings([...COMMON, ...PURPOSE, '--search', ''])?.request.scope).toEqual({
    kind: 'search',
    query: '',
  });
});

test.each([
  ['no scope', [...COMMON, ...PURPOSE]],
  ['two scopes', [...COMMON, ...PURPOSE, '--decision', 'dec_1', '--search', '']],
  ['an unknown purpose', [...COMMON, '--purpose', 'curiosity', '--decision', 'dec_1']],
  [
    'a case reference with a space',
    [...COMMON, ...PURPOSE, '--decision', 'dec_1', '--case-reference', 'Mr Rao'],
  ],
  ['no console', ['--email', 'a@example.org', '--out', 'x', ...PURPOSE, '--decision', 'dec_1']],
  [
    'another protocol',
    ['--console', 'file:///etc', '--email', 'a', '--out', 'x', ...PURPOSE, '--decision', 'd'],
  ],
  ['a password among the arguments', [...COMMON, ...PURPOSE, '--decision', 'dec_1', '--password', 'x']],
])('%s is refused', (_, args) => expect(parseExportSettings(args)).toBeNull());

test('further packages are numbered', () => {
  expect([1, 2, 10].map((n) => packagePath('x', n))).toEqual([
    'x.evidence.zip',
    'x-2.evidence.zip',
    'x-10.evidence.zip',
  ]);
});
