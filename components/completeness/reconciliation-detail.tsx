'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { Amount } from '@/components/ui/amount';
import { Button, buttonClass } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Id } from '@/components/ui/id';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { reconciliationExportPath, reconciliationQuery } from '@/lib/client/queries/completeness';
import { routes } from '@/lib/client/routes';
import type {
  AnyFinding,
  ReconciliationItem,
  ReconciliationRow,
} from '@/lib/completeness/reconciliation-view';
import { FINDING_WORDS } from './finding-words';

const ALL = Object.keys(FINDING_WORDS) as AnyFinding[];

/** The decisions around a row that has none: the same tools, within the tolerance. */
function searchAround(row: ReconciliationRow, at: string): string {
  const tolerance = row.toleranceMinutes * 60_000;
  const bound = (ms: number) => new Date(ms).toISOString();
  const when = Date.parse(at);
  return [
    ...row.tools.map((tool) => `tool:${tool}`),
    `after:${bound(when - tolerance)}`,
    `before:${bound(when + tolerance)}`,
  ].join(' ');
}

/** What one reconciliation found, by finding, in pages; each row leads to its decision or to the search for it. */
export function ReconciliationDetail({ id }: { id: string }) {
  const [finding, setFinding] = useState<AnyFinding | null>(null);
  const found = useInfiniteQuery(reconciliationQuery(id, finding));
  const row = found.data?.pages[0]?.reconciliation;
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.isPending && !row) return <Skeleton lines={6} label="Reading what was found" />;
  if (!row)
    return (
      <StateBox kind="failing" title="What was found could not be read">
        {found.error?.message}
      </StateBox>
    );
  const present = ALL.filter((each) => (row.counts[each] ?? 0) > 0);
  const total = present.reduce((sum, each) => sum + (row.counts[each] ?? 0), 0);
  return (
    <Panel
      title={`Found in ${row.system}, ${row.type}`}
      note={`amounts and ids only; tolerance ${row.toleranceMinutes} minutes`}
      end={
        <span className="acts">
          <Select
            compact
            aria-label="Finding"
            value={finding ?? ''}
            onChange={(event) => setFinding(ALL.find((each) => each === event.target.value) ?? null)}
            options={[
              { value: '', label: `All ${total.toLocaleString('en')}` },
              ...present.map((each) => ({
                value: each,
                label: `${FINDING_WORDS[each].word}, ${(row.counts[each] ?? 0).toLocaleString('en')}`,
              })),
            ]}
          />
          <a className={buttonClass({ small: true })} href={reconciliationExportPath(id, finding)} download>
            CSV
          </a>
        </span>
      }
      flush
    >
      {items.length === 0 ? (
        <StateBox kind="empty" title="Nothing was found">
          The list and the decisions of its time hold nothing of this kind.
        </StateBox>
      ) : (
        <DataTable
          caption="What the reconciliation found"
          tight
          rows={items}
          rowKey={({ n }) => String(n)}
          columns={[
            {
              key: 'finding',
              head: 'Finding',
              cell: (item) => (
                <span title={FINDING_WORDS[item.finding].means}>
                  {FINDING_WORDS[item.finding].fine ? (
                    <span className="dim">{FINDING_WORDS[item.finding].word}</span>
                  ) : (
                    <b>{FINDING_WORDS[item.finding].word}</b>
                  )}
                </span>
              ),
            },
            { key: 'row', head: 'Row', figures: true, cell: ({ row: n }) => n ?? '' },
            {
              key: 'id',
              head: 'Downstream id',
              cell: ({ externalId }) =>
                externalId && <Id value={externalId} keep={12} label="downstream id" />,
            },
            { key: 'listed', head: 'Listed', figures: true, cell: (item) => <Money {...item} /> },
            {
              key: 'at',
              head: 'When',
              cell: ({ at, decidedAt }) => {
                const when = at ?? decidedAt;
                return when && <Time at={when} precision="minute" />;
              },
            },
            {
              key: 'decided',
              head: 'Decided',
              figures: true,
              cell: (item) => <Money amount={item.decidedAmount} currency={item.decidedCurrency} />,
            },
            { key: 'decision', head: 'Decision', cell: (item) => <Decision item={item} row={row} /> },
          ]}
        />
      )}
      {found.hasNextPage && (
        <p className="cmore">
          <Button small busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            More, {items.length.toLocaleString('en')} shown
          </Button>
        </p>
      )}
      <p className="lab cnote">
        {finding
          ? FINDING_WORDS[finding].means
          : present.map((each) => `${FINDING_WORDS[each].word}: ${FINDING_WORDS[each].means}`).join(' ')}
      </p>
    </Panel>
  );
}

function Money({ amount, currency }: Pick<ReconciliationItem, 'amount' | 'currency'>) {
  if (amount === null) return null;
  return currency === null ? (
    <span className="num">{amount}</span>
  ) : (
    <Amount value={amount} currency={currency} />
  );
}

function Decision({ item, row }: { item: ReconciliationItem; row: ReconciliationRow }) {
  if (item.decision !== null)
    return (
      <Link href={routes.decision(item.decision)} prefetch={false}>
        <Id value={item.decision} />
      </Link>
    );
  if (item.at === null) return <span className="dim">none</span>;
  return (
    <Link className="link" href={routes.decisions(searchAround(row, item.at))} prefetch={false}>
      none: decisions around it
    </Link>
  );
}
