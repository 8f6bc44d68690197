import { utf8 } from '@/lib/core/bytes';
import { CSV_HEADER, formatCsvRow } from '@/lib/decisions/export-row';
import { parseSearchCursor, type SearchCursor } from '@/lib/decisions/search-cursor';
import type { SearchQuery } from '@/lib/decisions/search-query';
import { searchDecisions } from './search-decisions';

const PAGE_ROWS = 1_000;

/**
 * Everything that matches, newest first, as a stream that reads the next page only when the last was taken: memory stays
 * flat however many there are. NDJSON ends with `{"end":true,"rows":n}`, so that a cut file is recognised; a failure
 * breaks the connection instead of ending the file early.
 */
export function exportDecisions(
  tenant: string,
  query: SearchQuery,
  format: 'ndjson' | 'csv',
): ReadableStream<Uint8Array> {
  let cursor: SearchCursor | undefined;
  let rowCount = 0;
  let begun = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const page = await searchDecisions(tenant, query, { cursor, limit: PAGE_ROWS });
        rowCount += page.rows.length;
        const lines = page.rows.map((row) =>
          format === 'csv' ? formatCsvRow(row) : `${JSON.stringify(row)}\n`,
        );
        if (!begun && format === 'csv') lines.unshift(CSV_HEADER);
        begun = true;
        const next = page.older === null ? null : parseSearchCursor(page.older);
        cursor = next?.ok ? next.value : undefined;
        if (cursor === undefined && format === 'ndjson') lines.push(`{"end":true,"rows":${rowCount}}\n`);
        if (lines.length > 0) controller.enqueue(utf8(lines.join('')));
        if (cursor === undefined) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
