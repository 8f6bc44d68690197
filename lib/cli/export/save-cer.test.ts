import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildBundle, bytesOf } from '@/lib/evidence/cer/testing/build-cer';
import type { ExportRequest } from '@/lib/evidence/package/export-request';
import { cerPath, parseExportSettings } from './export-settings';
import { saveCer } from './save-cer';

const directory = mkdtempSync(join(tmpdir(), 'countersign-cer-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const REQUEST: ExportRequest = {
  scope: { kind: 'decision', decision: 'dec_1' },
  purpose: 'internal-audit',
  caseReference: null,
  recipient: null,
  payloads: false,
};
const answering = (value: unknown) => ({
  asked: [] as unknown[],
  async stream(...request: unknown[]) {
    this.asked.push(request);
    return new Response(new Uint8Array(bytesOf(value)));
  },
});

test('a record is saved as it arrived, once its own hashes fit', async () => {
  const bundle = buildBundle();
  const person = answering(bundle);
  const path = join(directory, 'one.cer.json');
  const saved = await saveCer(person, REQUEST, path);
  expect(saved.certificateHash).toBe(bundle.certificateHash);
  expect(new Uint8Array(readFileSync(path))).toEqual(bytesOf(bundle));
  expect(person.asked).toEqual([
    ['/api/v1/evidence/cer', { decision: 'dec_1', purpose: 'internal-audit', caseReference: null }],
  ]);
});

test('one that was changed on its way is not', async () => {
  const path = join(directory, 'two.cer.json');
  const changed = { ...buildBundle(), createdAt: '2020-01-01T00:00:00.000Z' };
  await expect(saveCer(answering(changed), REQUEST, path)).rejects.toThrow('nothing was saved');
  expect(existsSync(path)).toBe(false);
});

const COMMON = [
  '--cer',
  '--console',
  'https://c.example',
  '--email',
  'a@example.org',
  '--purpose',
  'internal-audit',
];

test('one decision, and its file', () => {
  const settings = parseExportSettings([...COMMON, '--decision', 'dec_1', '--out', 'x.cer.json']);
  expect(settings).toMatchObject({ cer: true, out: 'x', request: { scope: { decision: 'dec_1' } } });
  expect(cerPath(settings?.out ?? '')).toBe('x.cer.json');
});

test.each([
  ['a search', ['--search', '', '--out', 'x']],
  ['payloads, which are in it anyway', ['--decision', 'dec_1', '--payloads', '--out', 'x']],
  ['a recipient, who stands nowhere in it', ['--decision', 'dec_1', '--recipient', 'Court', '--out', 'x']],
])('%s is refused', (_, args) => expect(parseExportSettings([...COMMON, ...args])).toBeNull());
