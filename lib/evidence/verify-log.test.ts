import { expect, test } from 'vitest';
import { verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { parseNoteKey } from '@/lib/integrity/note-key';
import type { RememberedCheckpoint } from './evidence-source';
import { interleave, LOG, logSource, rootOf } from './testing/build-log';
import { chainRecords, STREAM, signRecord } from './testing/build-stream';
import { checkConsistency } from './verify-log';

const records = chainRecords(Array.from({ length: 30 }, (_, i) => signRecord(i + 1)));
const entries = interleave(new Map([[STREAM, records]]));
const source = logSource(new Map([[STREAM, records]]), entries);

async function headOf(size: number) {
  const key = parseNoteKey(LOG.vkey);
  if (!key.ok) throw new Error(key.code);
  const note = await logSource(new Map(), entries.slice(0, size)).checkpoint();
  const verified = verifyCheckpoint(note, { origin: LOG.origin, logKey: key.value });
  if (!verified.ok) throw new Error(verified.code);
  return verified.value;
}

const seen = (size: number, change: Partial<RememberedCheckpoint> = {}): RememberedCheckpoint => ({
  origin: LOG.origin,
  size,
  root: rootOf(entries, size),
  vkey: LOG.vkey,
  atMs: Date.UTC(2026, 10, 20),
  ...change,
});

const check = async (size: number, remembered: RememberedCheckpoint | null, live = true) => {
  const { verdict, code } = await checkConsistency(await headOf(size), LOG.vkey, remembered, source, {
    live,
  });
  return code ?? verdict;
};

test('a log that grew, or stands where it stood, is consistent with what was seen of it', async () => {
  expect(await check(30, seen(11))).toBe('valid');
  expect(await check(30, seen(30))).toBe('valid');
  expect(await check(30, null)).toBe('not-checked');
});

test.each<[string, number, RememberedCheckpoint, string]>([
  ['shows less than before', 11, seen(30), 'log_shrunk'],
  ['shows another past', 30, seen(11, { root: rootOf(entries, 12) }), 'root_mismatch'],
  ['shows another head of the same size', 30, seen(30, { root: rootOf(entries, 12) }), 'root_mismatch'],
  ['signs with another key', 30, seen(11, { vkey: 'another' }), 'log_key_changed'],
  ['calls itself otherwise', 30, seen(11, { origin: 'console.test/new' }), 'log_name_changed'],
])('a log that %s is INVALID', async (_, size, remembered, code) => {
  expect(await check(size, remembered)).toBe(code);
});

test('a package may be older than what was seen of the log, and must be what it grew from', async () => {
  expect(await check(11, seen(30), false)).toBe('valid');
  expect(await check(11, seen(30, { root: rootOf(entries, 29) }), false)).toBe('root_mismatch');
});
