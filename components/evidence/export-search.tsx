'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';

const ExportPanel = dynamic(
  () => import('@/components/evidence/export-panel').then((module) => module.ExportPanel),
  { ssr: false, loading: () => <Skeleton lines={10} label="Opening the export" /> },
);

/** The evidence package of everything that a search finds. */
export function ExportSearch({ query }: { query: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button small icon="download" onClick={() => setOpen(true)}>
        Evidence
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Evidence package"
        description={
          query === ''
            ? 'Of every decision of this organisation, with proofs that anybody can check offline.'
            : 'Of every decision that this search finds, with proofs that anybody can check offline.'
        }
        size="wide"
      >
        <ExportPanel scope={{ kind: 'search', query }} />
      </Dialog>
    </>
  );
}
