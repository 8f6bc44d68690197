'use client';

import { Button } from '@/components/ui/button';
import { saveFile } from '@/lib/client/save-file';
import { type CsvValue, formatCsv } from '@/lib/core/csv-cell';

/** Gives what a chart is drawn from as a file; made here, from what the page already holds. */
export function DownloadCsv({
  name,
  header,
  rows,
}: {
  /** Without its ending. */
  name: string;
  header: readonly string[];
  rows: () => readonly (readonly CsvValue[])[];
}) {
  function download() {
    saveFile(new Blob([formatCsv(header, rows())], { type: 'text/csv' }), `${name}.csv`);
  }
  return (
    <Button small icon="download" onClick={download} aria-label={`Download ${name} as CSV`}>
      CSV
    </Button>
  );
}
