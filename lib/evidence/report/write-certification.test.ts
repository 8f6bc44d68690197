import { expect, test } from 'vitest';
import { REQUEST } from '../testing/build-package';
import type { ReportContent } from './report-content';
import { writeCertification } from './write-certification';

const CONTENT: ReportContent = {
  createdAt: '2026-11-20T07:00:00.000Z',
  console: { origin: 'https://console.example', log: 'console.example/log' },
  request: REQUEST,
  exportRecord: { stream: 'console/bank', position: 17 },
  checkpoint: { size: 25, root: '7b'.repeat(32) },
  verifierDigest: null,
  decisions: 1,
  continues: false,
  reported: [],
  listed: [],
  unlisted: 0,
  counts: { valid: 15, invalid: 0, 'not-checked': 7 },
  keys: [],
};

test('facts are filled in, and what only the certifying person can say is blank', () => {
  const draft = writeCertification(CONTENT);
  for (const fact of [
    '902(13)',
    '902(14)',
    REQUEST.id,
    'console.example/log',
    '7b7b',
    '15 checks VALID',
    '2026-11-20',
  ])
    expect(draft).toContain(fact);
  expect(draft.match(/_{30}/g)?.length).toBeGreaterThan(8);
  expect(draft).toContain('**Draft.**');
});

test('an organisation cannot write markup into it', () => {
  const hostile = {
    ...CONTENT,
    request: { ...REQUEST, organisation: '](https://evil.example)\n# Certified <b>' },
  };
  const draft = writeCertification(hostile);
  expect(draft).not.toContain('\n# Certified');
  expect(draft).toContain('\\]');
});
