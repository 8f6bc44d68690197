import type { JudgedTopic, JudgedVector } from './judge-topics';

export interface TopicRow {
  topic: string;
  present: boolean;
  vectors: number;
  agreedInNode: number;
  /** Null when no browser was asked. */
  agreedInChromium: number | null;
  skipped: readonly string[];
  /** One sentence per vector that was not answered as published, or that only one host was asked. */
  faults: string[];
}

/** Puts what both hosts answered side by side. `chromium` is null when there was none. */
export function compareHosts(
  node: readonly JudgedTopic[],
  chromium: readonly JudgedTopic[] | null,
): TopicRow[] {
  return node.map(({ topic, present, vectors, skipped }) => {
    const inPage = chromium?.find((one) => one.topic === topic)?.vectors ?? [];
    return {
      topic,
      present,
      vectors: vectors.length,
      agreedInNode: vectors.filter(isAgreed).length,
      agreedInChromium: chromium === null ? null : inPage.filter(isAgreed).length,
      skipped,
      faults: [
        ...describeFaults('Node', vectors),
        ...describeFaults('Chromium', inPage),
        ...(chromium === null ? [] : describeDifference(vectors, inPage)),
      ].map((fault) => `${topic}: ${fault}`),
    };
  });
}

const isAgreed = ({ expect, answer }: JudgedVector): boolean => answer === expect;

function describeFaults(host: string, vectors: readonly JudgedVector[]): string[] {
  return vectors
    .filter((vector) => !isAgreed(vector))
    .map(({ name, expect, answer }) => `${name}: ${host} answered "${answer}", published is "${expect}"`);
}

/** Both hosts must have been asked the very same: a page that lost some of its vectors has agreed to nothing. */
function describeDifference(node: readonly JudgedVector[], chromium: readonly JudgedVector[]): string[] {
  const asked = ({ name, expect }: JudgedVector) => `${name} → ${expect}`;
  const same =
    node.length === chromium.length &&
    node.every((vector, n) => asked(vector) === asked(chromium[n] as JudgedVector));
  return same
    ? []
    : [`Node was asked ${node.length} vectors and Chromium ${chromium.length}, not the same ones`];
}

/** The table as lines for people, then what it says nothing of, then every disagreement. */
export function formatVectorTable(rows: readonly TopicRow[], unjudged: readonly string[]): string {
  const sum = (pick: (row: TopicRow) => number | null): string =>
    rows.some((row) => pick(row) === null)
      ? 'not asked'
      : String(rows.reduce((total, row) => total + (pick(row) ?? 0), 0));
  const cells = [
    ['topic', 'vectors', 'agreed in Node', 'agreed in Chromium', 'skipped'],
    ...rows.map((row) => [
      row.topic,
      row.present ? String(row.vectors) : 'absent',
      String(row.agreedInNode),
      row.agreedInChromium === null ? 'not asked' : String(row.agreedInChromium),
      String(row.skipped.length),
    ]),
    [
      'all',
      sum((row) => row.vectors),
      sum((row) => row.agreedInNode),
      sum((row) => row.agreedInChromium),
      sum((row) => row.skipped.length),
    ],
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const lines = cells.map((row) =>
    row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join('  '),
  );
  return [
    ...lines,
    ...describeSkipped(rows),
    ...unjudged.map((folder) => `  · ${folder}: in the collection, and no table judges it`),
    ...rows.flatMap(({ faults }) => faults.map((one) => `✗ ${one}`)),
  ].join('\n');
}

/** Skipped vectors by their reason, so that a number in the table is not all that is said of them. */
function describeSkipped(rows: readonly TopicRow[]): string[] {
  return rows.flatMap(({ topic, skipped }) => {
    const reasons = Map.groupBy(skipped, (one) => one.slice(one.lastIndexOf(': ') + 2));
    return [...reasons].map(([reason, { length }]) => `  · ${topic}: ${length} skipped, each ${reason}`);
  });
}
