'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { completenessQuery } from '@/lib/client/queries/completeness';
import { routes } from '@/lib/client/routes';
import { ProducerList } from './producer-list';
import { ReconciliationPanel } from './reconciliation-panel';
import './completeness.css';

export interface CompletenessDuties {
  /** Says how often a producer should be heard. */
  expect: boolean;
  /** Sees reconciliations. */
  reconcile: boolean;
  /** Imports lists. */
  import: boolean;
}

/** Whether anything is missing: what producers should have sent, and what other systems did. */
export function CompletenessScreen({ duties }: { duties: CompletenessDuties }) {
  const view = useQuery(completenessQuery());
  return (
    <div className="page complete">
      <div className="row1h">
        <h1>Completeness</h1>
        <span className="t2">
          what should be in the record and is not;{' '}
          <Link className="link" href={routes.integrity()} prefetch={false}>
            integrity
          </Link>{' '}
          says whether what is in it is whole
        </span>
      </div>
      {view.isPending ? (
        <Skeleton lines={10} label="Reading the producers" />
      ) : !view.data ? (
        <StateBox
          kind="failing"
          title="The producers could not be read"
          action={
            <Button small onClick={() => view.refetch()}>
              Read again
            </Button>
          }
        >
          {view.error?.message} Nothing is said about what is missing.
        </StateBox>
      ) : (
        <ProducerList producers={view.data.producers} mayExpect={duties.expect} />
      )}
      {duties.reconcile && <ReconciliationPanel mayImport={duties.import} />}
    </div>
  );
}
