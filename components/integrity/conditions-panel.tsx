'use client';

import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { conditionsQuery } from '@/lib/client/queries/conditions';
import { ClosedConditions } from './closed-conditions';
import { ConditionItem } from './condition-item';

/** What a viewer may do about conditions. */
export interface ConditionDuties {
  check: boolean;
  resolve: boolean;
}

/** What stands between actions and their tokens: each with what it means, and the way out of it. */
export function ConditionsPanel({ duties }: { duties: ConditionDuties }) {
  const conditions = useQuery(conditionsQuery());
  const all = conditions.data?.conditions;
  const open = all?.filter(({ resolvedAt }) => resolvedAt === null) ?? [];
  const closed = all?.filter(({ resolvedAt }) => resolvedAt !== null) ?? [];
  return (
    <Panel
      title="Conditions"
      note="each stops its action’s token"
      end={all && <span className="lab num">{open.length} open</span>}
      flush
    >
      {conditions.isPending && (
        <div className="igap">
          <Skeleton lines={2} label="Reading the conditions" />
        </div>
      )}
      {conditions.isError && !all && (
        <StateBox
          kind="failing"
          title="The conditions could not be read"
          action={
            <Button small onClick={() => conditions.refetch()}>
              Read again
            </Button>
          }
        >
          {conditions.error.message} The console still refuses what it must: this only shows it.
        </StateBox>
      )}
      {all && open.length === 0 && (
        <p className="t2 igap">
          None: nothing that an approval rests on is missing, broken or at odds with itself. While anything
          is, no token of that action is issued or redeemed.
        </p>
      )}
      {open.length > 0 && (
        <ul className="conditions">
          {open.map((condition) => (
            <ConditionItem key={condition.id} condition={condition} duties={duties} />
          ))}
        </ul>
      )}
      {closed.length > 0 && <ClosedConditions conditions={closed} />}
    </Panel>
  );
}
