import { describe, expect, it } from 'vitest';
import type { VectorFiles } from '@/lib/core/testing/vector-case';
import { type JudgedTopic, judgeTopics } from './judge-topics';
import { compareHosts, formatVectorTable } from './vector-table';
import { listUnjudged, VECTOR_TOPICS } from './vector-topics';

const judged = (...answers: string[]): JudgedTopic => ({
  topic: 'notes',
  present: true,
  vectors: answers.map((answer, n) => ({ name: `note ${n}`, expect: 'valid', answer })),
  skipped: ['note 9: its files are not here'],
});

describe('the table of vectors', () => {
  it('counts what agrees, and names what was skipped and what nobody judges', () => {
    const rows = compareHosts([judged('valid', 'valid')], [judged('valid', 'valid')]);
    expect(rows).toMatchObject([{ vectors: 2, agreedInNode: 2, agreedInChromium: 2, faults: [] }]);
    const table = formatVectorTable(rows, ['other']);
    expect(table).toMatch(/notes +2 +2 +2 +1/);
    expect(table).toContain('notes: 1 skipped, each its files are not here');
    expect(table).toContain('other: in the collection, and no table judges it');
  });

  it.each([
    ['an answer that is not the published one in Node', judged('valid', 'invalid'), judged('valid', 'valid')],
    ['one in Chromium', judged('valid', 'valid'), judged('invalid', 'valid')],
    ['a verifier that throws', judged('threw boom', 'valid'), judged('threw boom', 'valid')],
    ['a page that lost a vector', judged('valid', 'valid'), judged('valid')],
    ['a page without the topic', judged('valid'), { ...judged('valid'), topic: 'others' }],
  ])('faults %s', (_, node, chromium) => {
    const rows = compareHosts([node], [chromium]);
    expect(rows[0]?.faults).not.toEqual([]);
    expect(formatVectorTable(rows, [])).toContain(`✗ ${rows[0]?.faults[0]}`);
  });

  it('says that nobody was asked where there is no browser', () => {
    const rows = compareHosts([judged('valid')], null);
    expect(rows[0]?.agreedInChromium).toBeNull();
    expect(formatVectorTable(rows, [])).toContain('not asked');
  });
});

describe('judging', () => {
  const empty: VectorFiles = {
    readFile: (path) => {
      throw new Error(`no vector ${path}`);
    },
    listFiles: () => [],
  };

  it('marks every topic absent where there is no collection', async () => {
    const topics = await judgeTopics(empty);
    expect(topics.map(({ present }) => present)).toEqual(VECTOR_TOPICS.map(() => false));
    expect(topics.flatMap(({ vectors }) => vectors)).toEqual([]);
  });

  it('names the folders that no topic judges', () => {
    const folders: VectorFiles = {
      ...empty,
      listFiles: (folder) =>
        folder === '' ? ['README.md', 'ots', 'runes'] : folder === 'README.md' ? [] : ['a'],
    };
    expect(listUnjudged(folders)).toEqual(['runes']);
  });
});
