'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Segmented } from '@/components/ui/segmented';
import type { ListFormat } from '@/lib/client/decisions/receive-list';
import { type ListExportState, useListExport } from '@/lib/client/decisions/use-list-export';
import type { SearchTotal } from '@/lib/decisions/decision-view';

const count = (n: number) => n.toLocaleString('en');

function words({ phase, rows, message }: ListExportState): string {
  switch (phase) {
    case 'running':
      return `${count(rows)} decisions so far`;
    case 'done':
      return `${count(rows)} decisions, handed to your downloads whole.`;
    case 'handed-over':
      return 'Your browser downloads it; it shows the progress and can stop it.';
    case 'cancelled':
      return 'Cancelled; nothing was saved.';
    case 'failed':
      return message;
    case 'idle':
      return '';
  }
}

/** The list of everything that a search finds, as a file. */
export function ExportList({ query, total }: { query: string; total: SearchTotal | undefined }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button small icon="download" onClick={() => setOpen(true)}>
        List
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="List of decisions"
        description="Every decision that this search finds, newest first: what this page shows of each, without records or proofs."
      >
        <ExportForm query={query} total={total} />
      </Dialog>
    </>
  );
}

function ExportForm({ query, total }: { query: string; total: SearchTotal | undefined }) {
  const [format, setFormat] = useState<ListFormat>('csv');
  const { state, start, cancel } = useListExport();
  const isRunning = state.phase === 'running';
  return (
    <div className="dlist">
      <Segmented
        label="Format"
        options={[
          { value: 'csv', label: 'CSV' },
          { value: 'ndjson', label: 'NDJSON' },
        ]}
        value={format}
        onChange={setFormat}
      />
      {isRunning && total?.kind === 'exact' && total.n > 0 && (
        <ProgressBar label="Received" value={Math.min(state.rows, total.n)} max={total.n} />
      )}
      <p className="lab" role="status">
        {words(state)}
      </p>
      <div className="row1h">
        {isRunning ? (
          <Button onClick={cancel}>Cancel</Button>
        ) : (
          <Button variant="primary" onClick={() => start(query, format)}>
            {state.phase === 'idle' ? 'Export' : 'Export again'}
          </Button>
        )}
      </div>
    </div>
  );
}
