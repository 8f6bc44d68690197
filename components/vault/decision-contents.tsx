'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { decisionContentsQuery } from '@/lib/client/queries/vault';
import { useRequest } from '@/lib/client/use-request';
import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import { listNamedDigests } from '@/lib/evidence/package/check-payloads';
import type { PayloadRole } from '@/lib/evidence/package/manifest';
import { type HashedContent, hashContent } from '@/lib/vault/hash-content';
import {
  type DecisionContents as Contents,
  type DecisionContent,
  decisionPayload,
} from '@/lib/vault/payload-content';
import { AskSecond } from './ask-second';
import { BecauseFields, readBecause } from './because-fields';
import { FormDialog } from './form-dialog';
import { ShownContent } from './shown-content';
import { TargetLink } from './target-link';
import './vault.css';

const ROLES: Record<string, string> = {
  input: 'Input: what the agent had',
  output: 'Output: what it produced',
  action: 'Action, as submitted for review',
  evidence: 'Evidence, as submitted for review',
  reason: 'A reviewer’s reason',
};

/** What the records of a decision digest: kept, gone by schedule, or gone with its subject. Reading one is recorded. */
export function DecisionContents({ detail }: { detail: DecisionDetail }) {
  const decisionId = detail.row.id;
  // From the records' own bytes, in this browser: what the server says of a content's digest is not believed.
  const named = useMemo(() => listNamedDigests(detail), [detail]);
  const contents = useQuery(decisionContentsQuery(decisionId));
  const { data } = contents;
  return (
    <Panel title="Contents" note="records hold only their salted digests" level={2} flush>
      {contents.isPending && (
        <div className="vgap">
          <Skeleton lines={3} label="Reading what is kept" />
        </div>
      )}
      {contents.isError && !data && (
        <StateBox
          kind="failing"
          title="What is kept could not be read"
          action={
            <Button small onClick={() => contents.refetch()}>
              Read again
            </Button>
          }
        >
          {contents.error.message} The record itself is whole without it.
        </StateBox>
      )}
      {data && data.erased.length > 0 && (
        <p className="vgap" role="note">
          {data.erased.map(({ token, at }) => (
            <span key={token}>
              <TargetLink target={token} /> was erased <Time at={at} precision="minute" />: their data key,
              contents and identifier are destroyed. The person is gone; the proof stands: every digest,
              signature and chain here still verifies.
            </span>
          ))}
        </p>
      )}
      {data && data.contents.length === 0 && (
        <StateBox kind="empty" title="No content of this decision was handed over">
          Its producer kept input and output. Their digests in the record still prove what they were.
        </StateBox>
      )}
      {data && data.contents.length > 0 && (
        <ul className="vcontents">
          {data.contents.map((content) => (
            <ContentItem
              key={content.ref}
              decisionId={decisionId}
              content={content}
              reading={data.reading}
              named={named.get(content.role as PayloadRole)}
            />
          ))}
        </ul>
      )}
      {data?.reading === 'ask' && data.contents.some(({ state }) => state === 'kept') && (
        <p className="vgap">
          <AskSecond
            kind="payload"
            target={decisionId}
            label="Ask to read the contents"
            title="Ask to read the contents of this decision"
            description="Somebody else has to grant it; then you may read them for an hour. The request, the grant and each reading become signed records."
          />
        </p>
      )}
    </Panel>
  );
}

function ContentItem({
  decisionId,
  content,
  reading,
  named,
}: {
  decisionId: string;
  content: DecisionContent;
  reading: Contents['reading'];
  named: ReadonlySet<string> | undefined;
}) {
  const [open, setOpen] = useState(false);
  const [shown, setShown] = useState<{ hashed: HashedContent; mediaType: string } | null>(null);
  const { busy, problem, send } = useRequest();
  const name = ROLES[content.role] ?? content.role;
  async function read(form: FormData) {
    const path = `/api/v1/decisions/${encodeURIComponent(decisionId)}/payloads`;
    const payload = await send(path, decisionPayload, { body: { ref: content.ref, ...readBecause(form) } });
    const hashed = payload && hashContent(payload, named);
    if (!payload || !hashed) return;
    setShown({ hashed, mediaType: payload.mediaType });
    setOpen(false);
  }
  return (
    <li>
      <div className="vhead">
        <b className="med">{name}</b>
        <State content={content} />
        {content.state === 'kept' && reading === 'yes' && shown === null && (
          <span className="end">
            <Button small onClick={() => setOpen(true)} aria-label={`Read it: ${name}`}>
              Read it
            </Button>
          </span>
        )}
        {shown !== null && (
          <span className="end">
            <Button small onClick={() => setShown(null)}>
              Hide it
            </Button>
          </span>
        )}
      </div>
      {shown !== null && <ShownContent title={name} {...shown} />}
      {open && (
        <FormDialog
          title="Read this content?"
          description="That you read it, why and under which case becomes a signed record before it is shown. This page hashes what it gets and compares it with the record."
          submit="Record and read"
          busy={busy}
          problem={problem}
          onClose={() => setOpen(false)}
          onSubmit={(form) => void read(form)}
        >
          <BecauseFields />
        </FormDialog>
      )}
    </li>
  );
}

function State({ content }: { content: DecisionContent }) {
  const { state, at, held, byteCount } = content;
  const when = at === null ? null : <Time at={at} precision="date" />;
  if (state === 'kept')
    return (
      <span className="dim num">
        {byteCount?.toLocaleString('en')} bytes, kept until {when}
        {held && ', and beyond by a legal hold'}
      </span>
    );
  if (state === 'retention')
    return (
      <Word tone="expired">
        gone since {when}, by the retention schedule: its digest in the record still proves what it was
      </Word>
    );
  if (state === 'erasure')
    return (
      <Word tone="superseded">
        gone since {when}, with the erasure of its subject: its digest still stands, and nothing can be tried
        against it
      </Word>
    );
  return <Word tone="not-checked">not kept here</Word>;
}
