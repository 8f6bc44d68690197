'use client';

import Link from 'next/link';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { RelativeTime } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { routes } from '@/lib/client/routes';
import { useRequest } from '@/lib/client/use-request';
import { CONDITION_WORDS, mayAccept } from '@/lib/conditions/condition';
import { type ConditionCheck, type ConditionView, conditionCheck } from '@/lib/conditions/condition-view';
import type { ConditionDuties } from './conditions-panel';
import { ResolveCondition } from './resolve-condition';

/** One open condition: what is wrong and where, what it stops, and what can be done about it here. */
export function ConditionItem({ condition, duties }: { condition: ConditionView; duties: ConditionDuties }) {
  const { code, detail, escalation, decision, openedAt } = condition;
  const [said, setSaid] = useState<ConditionCheck | null>(null);
  const { busy, problem, send } = useRequest();
  const words = CONDITION_WORDS[code];
  async function checkAgain() {
    const path = `/api/v1/integrity/conditions/${encodeURIComponent(condition.id)}/check`;
    setSaid(await send(path, conditionCheck));
  }
  return (
    <li>
      <div className="chead">
        {mayAccept(code) ? (
          <Word tone="not-checked" icon="missing">
            MISSING
          </Word>
        ) : (
          <Word tone="invalid">INVALID</Word>
        )}
        <b className="med">{words.title}</b>
        <span className="end dim">
          <RelativeTime at={openedAt} />
        </span>
      </div>
      <p className="cdetail">
        <MarkedText text={detail} />
      </p>
      <p className="cmeaning">
        {words.meaning}
        {escalation !== null && (
          <>
            {' '}
            Found in{' '}
            <Link className="link" href={routes.escalation(escalation)} prefetch={false}>
              <Id value={escalation} />
            </Link>
            {decision !== null && (
              <>
                {' '}
                about{' '}
                <Link className="link" href={routes.decision(decision)} prefetch={false}>
                  <Id value={decision} />
                </Link>
              </>
            )}
            .
          </>
        )}
      </p>
      {(duties.check || duties.resolve) && (
        <div className="cdo">
          {duties.check && (
            <Button small busy={busy} onClick={() => void checkAgain()}>
              Check again
            </Button>
          )}
          {duties.resolve && <ResolveCondition condition={condition} />}
          <span role="status">
            {said && (
              <>
                <Word tone={said.holds ? (mayAccept(code) ? 'not-checked' : 'invalid') : 'valid'}>
                  {said.holds ? 'still so' : 'passes now'}
                </Word>{' '}
                {said.holds ? <MarkedText text={said.detail} /> : 'It can be closed as cleared.'}
              </>
            )}
          </span>
        </div>
      )}
      {problem !== null && (
        <p className="err" role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}
