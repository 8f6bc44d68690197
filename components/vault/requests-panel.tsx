'use client';

import { useState } from 'react';
import * as z from 'zod/mini';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { RelativeTime } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { useRequest } from '@/lib/client/use-request';
import { REQUEST_KIND_NAMES } from '@/lib/vault/access-policy';
import { IDENTIFIER_TYPE_NAMES } from '@/lib/vault/identifier-type';
import { type LookAnswer, lookAnswer, type RequestView } from '@/lib/vault/look-request';
import { LOOK_PURPOSE_NAMES } from '@/lib/vault/purpose';
import { LookResult } from './look-result';
import { TargetLink } from './target-link';
import type { VaultDuties } from './vault-duties';

const STATES = {
  pending: { tone: 'waiting', word: 'waits for a second person' },
  granted: { tone: 'allow', word: 'granted' },
  refused: { tone: 'refuse', word: 'refused' },
  used: { tone: 'pass', word: 'done' },
  expired: { tone: 'expired', word: 'expired' },
} as const;

/** What somebody asked and somebody else has to grant; the requester sees theirs and cannot grant it. */
export function RequestsPanel({
  requests,
  duties,
}: {
  requests: readonly RequestView[];
  duties: VaultDuties;
}) {
  const waiting = requests.filter(({ state }) => state === 'pending').length;
  return (
    <Panel
      title="Requests that need a second person"
      note="nobody grants what they asked for themselves"
      end={<span className="lab num">{waiting} waiting</span>}
      flush
    >
      {requests.length === 0 ? (
        <StateBox kind="empty" title="Nobody has asked for a second person">
          Showing an identifier, an auditor’s reading of contents, releasing a hold and erasing wait here.
        </StateBox>
      ) : (
        <ul className="vlist">
          {requests.map((request) => (
            <RequestItem key={request.id} request={request} duties={duties} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function RequestItem({ request, duties }: { request: RequestView; duties: VaultDuties }) {
  const { busy, problem, send } = useRequest();
  const [answer, setAnswer] = useState<LookAnswer | null>(null);
  const { id, kind, state, by, target } = request;
  const path = `/api/v1/vault/requests/${encodeURIComponent(id)}`;
  const own = by.id === duties.person;
  const name = REQUEST_KIND_NAMES[kind];
  const decide = (decision: 'grant' | 'refuse') =>
    void send(`${path}/decide`, z.unknown(), { body: { decision } });
  const isLook = kind === 'find' || kind === 'reveal';
  return (
    <li>
      <div className="vhead">
        <Word tone={STATES[state].tone}>{STATES[state].word}</Word>
        <b className="med">{name}</b>
        {target !== null && <TargetLink target={target} />}
        {request.identifierType !== null && (
          <span className="dim">{IDENTIFIER_TYPE_NAMES[request.identifierType].toLowerCase()}</span>
        )}
        <span className="end dim">
          <RelativeTime at={request.requestedAt} />
        </span>
      </div>
      <p>
        {by.name} <span className="dim">({request.authority.replace('_', ' ')})</span>:{' '}
        {LOOK_PURPOSE_NAMES[request.purpose].toLowerCase()}, case{' '}
        <span className="mono">{request.caseRef}</span>
        {request.decidedBy !== null && <span className="dim"> · decided by {request.decidedBy.name}</span>}
      </p>
      {problem !== null && (
        <p className="err" role="alert">
          {problem}
        </p>
      )}
      {state === 'pending' && own && <p className="dim">You asked for this: somebody else decides.</p>}
      {state === 'pending' && !own && duties.look && (
        <div className="vdo">
          <Button
            small
            variant={kind === 'erase' ? 'danger' : 'primary'}
            busy={busy}
            aria-label={`Grant: ${name} for ${by.name}`}
            onClick={() => decide('grant')}
          >
            Grant
          </Button>
          <Button
            small
            busy={busy}
            aria-label={`Refuse: ${name} for ${by.name}`}
            onClick={() => decide('refuse')}
          >
            Refuse
          </Button>
        </div>
      )}
      {state === 'granted' && own && isLook && (
        <div className="vdo">
          <Button
            small
            variant="primary"
            busy={busy}
            onClick={() => void send(`${path}/take`, lookAnswer).then(setAnswer)}
          >
            Take the answer, once
          </Button>
        </div>
      )}
      {state === 'granted' && own && kind === 'payload' && target !== null && (
        <p className="dim">You may read the contents of this decision for an hour, on its page.</p>
      )}
      <Dialog open={answer !== null} onClose={() => setAnswer(null)} title={name}>
        {answer && <LookResult answer={answer} />}
      </Dialog>
    </li>
  );
}
