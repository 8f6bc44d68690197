import { utf8 } from '@/lib/core/bytes';
import type { DecisionPage } from '@/lib/decisions/decision-view';
import { CSV_HEADER, formatCsvRow } from '@/lib/decisions/export-row';
import { parseSearchCursor } from '@/lib/decisions/search-cursor';
import type { SearchQuery } from '@/lib/decisions/search-query';
import { searchDecisions } from './search-decisions';

const PAGE_ROWS = 2_000;

/**
 * Everything that matches, newest first, as a stream: the database reads one page ahead of what was taken and no more, so
 * memory stays flat however many there are, and a reader who leaves ends it. NDJSON ends with `{"end":true,"rows":n}`, so
 * that a cut file is recognised; a failure breaks the connection instead of ending the file early.
 */
export function exportDecisions(
  tenant: string,
  query: SearchQuery,
  format: 'ndjson' | 'csv',
  { withoutWaiting = false } = {},
): ReadableStream<Uint8Array> {
  const pages = readAhead(tenant, query, withoutWaiting);
  let rowCount = 0;
  let begun = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const lines: string[] = [];
        if (!begun && format === 'csv') lines.push(CSV_HEADER);
        begun = true;
        // A stretch without a match is no piece; the search goes on behind it.
        while (lines.length === 0) {
          const page = await pages.next();
          if (page.done) {
            if (format === 'ndjson') controller.enqueue(utf8(`{"end":true,"rows":${rowCount}}\n`));
            controller.close();
            return;
          }
          rowCount += page.value.rows.length;
          for (const row of page.value.rows)
            lines.push(format === 'csv' ? formatCsvRow(row) : `${JSON.stringify(row)}\n`);
        }
        controller.enqueue(utf8(lines.join('')));
      },
      async cancel() {
        await pages.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

async function* readAhead(
  tenant: string,
  query: SearchQuery,
  withoutWaiting: boolean,
): AsyncGenerator<DecisionPage, undefined> {
  const read = (cursor: string | null): Promise<DecisionPage> => {
    const parsed = cursor === null ? null : parseSearchCursor(cursor);
    const page = searchDecisions(tenant, query, {
      cursor: parsed?.ok ? parsed.value : undefined,
      limit: PAGE_ROWS,
      withoutWaiting,
    });
    // Whoever waits for it is told; nobody may have to.
    page.catch(() => {});
    return page;
  };
  let next: Promise<DecisionPage> | null = read(null);
  while (next !== null) {
    const page: DecisionPage = await next;
    next = page.older === null ? null : read(page.older);
    yield page;
  }
  return undefined;
}
