'use client';

import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { KeyValues } from '@/components/ui/key-values';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { exportPreviewQuery } from '@/lib/client/queries/evidence';
import type { ExportPreview } from '@/lib/evidence/package/export-request';
import type { PackageScope } from '@/lib/evidence/package/manifest';
import { formatBytes } from './export-words';

const figure = (n: number) => n.toLocaleString('en');

/** What would be in the package, counted before it is asked for. */
export function ExportContents({ scope, payloads }: { scope: PackageScope; payloads: boolean }) {
  const preview = useQuery(exportPreviewQuery(scope));
  if (preview.isPending) return <Skeleton lines={9} label="Counting what would be in the package" />;
  if (preview.isError)
    return (
      <StateBox
        kind="failing"
        title="The contents could not be counted"
        action={
          <Button small onClick={() => preview.refetch()}>
            Count again
          </Button>
        }
      >
        {preview.error.message}
      </StateBox>
    );
  return <KeyValues rows={rowsOf(preview.data, payloads)} />;
}

function rowsOf(preview: ExportPreview, payloads: boolean): { label: string; value: string }[] {
  const { decisions, packages, contents, verifierPage } = preview;
  const rows = [
    {
      label: 'Decisions',
      value: decisions.kind === 'exact' ? figure(decisions.n) : `more than ${figure(decisions.n)}`,
    },
  ];
  if (packages !== null && packages > 1)
    rows.push({ label: 'Packages', value: `${figure(packages)}, one after the other` });
  if (packages === null) rows.push({ label: 'Packages', value: 'as many as it takes, one after the other' });
  if (contents === null)
    rows.push({ label: 'Records and proofs', value: 'of each decision and what joined it' });
  else {
    rows.push(
      { label: 'Signed records', value: `${figure(contents.records)}, ${formatBytes(contents.recordBytes)}` },
      {
        label: 'Proven in the log',
        value: `${figure(contents.proven)} of ${figure(contents.records)}`,
      },
      { label: 'Receipts of witnesses', value: figure(contents.receipts) },
      {
        label: 'Approval tokens',
        value: `${figure(contents.tokens)}${contents.tokensWithheld > 0 ? `; ${figure(contents.tokensWithheld)} can still be redeemed and stay with their gateway` : ''}`,
      },
    );
    if (contents.reviewsWithheld > 0)
      rows.push({ label: 'Verdicts', value: 'withheld until you have decided on your own' });
  }
  rows.push({ label: 'Payloads', value: payloadWords(contents, payloads) });
  rows.push(
    { label: 'Lineage', value: 'W3C PROV-JSON' },
    { label: 'Report', value: 'PDF, with a certification draft' },
    {
      label: 'Verifier',
      value: verifierPage ? 'verify.html, works without a network' : 'not built into this console',
    },
  );
  return rows;
}

function payloadWords(contents: ExportPreview['contents'], payloads: boolean): string {
  if (!payloads) return 'left out';
  if (contents === null) return 'as far as they are still held';
  return contents.payloads === 0
    ? 'none are held any more'
    : `${figure(contents.payloads)}, ${formatBytes(contents.payloadBytes)}`;
}
