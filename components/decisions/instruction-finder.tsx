'use client';

import { useMutation } from '@tanstack/react-query';
import Link from 'next/link';
import { Button, buttonClass } from '@/components/ui/button';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { Word } from '@/components/ui/word';
import { fetchJson } from '@/lib/client/fetch-json';
import { routes } from '@/lib/client/routes';
import { utf8 } from '@/lib/core/bytes';
import { recomputeDigest } from '@/lib/core/recompute-digest';
import { type EscalationDetail, escalationDetail } from '@/lib/escalations/escalation-view';
import { findInstructionSources, type NamedPassage } from '@/lib/escalations/instruction-sources';

/**
 * Which retrieved item carried an instruction, and whether it names what this action is aimed at. The content was shown to
 * reviewers; reading it again is recorded, so it is read only when somebody asks.
 */
export function InstructionFinder({ escalation }: { escalation: string }) {
  const read = useMutation({
    mutationFn: () => fetchJson(`/api/v1/escalations/${encodeURIComponent(escalation)}`, escalationDetail),
  });
  return (
    <Panel title="What the agent had read" note="from the escalation’s evidence">
      {read.data === undefined ? (
        <div className="ifind">
          <p className="t2">
            Reads what was shown to the reviewers, digests it here, and marks passages that read like
            instructions. That you read it is recorded.
          </p>
          <Button small icon="search" busy={read.isPending} onClick={() => read.mutate()}>
            Look for instructions
          </Button>
          {read.isError && (
            <StateBox kind="failing" title="The evidence could not be read">
              {read.error.message}
            </StateBox>
          )}
        </div>
      ) : (
        <Found detail={read.data} />
      )}
    </Panel>
  );
}

function Found({ detail }: { detail: EscalationDetail }) {
  const { evidence } = detail;
  if (evidence === null)
    return (
      <StateBox kind="empty" title={detail.evidenceGone ? 'The content is gone' : 'No evidence was attached'}>
        {detail.evidenceGone
          ? 'Its time has passed or it was erased. The digests of the retrieved items still stand in the record.'
          : 'The gateway sent none.'}
      </StateBox>
    );
  const sources = findInstructionSources(detail);
  const rows = evidence.retrieved.map((item, at) => ({
    item,
    passages: sources.find((source) => source.item === at)?.passages ?? [],
  }));
  const aimed = rows.filter(({ passages }) => passages.some(({ targets }) => targets.length > 0));
  const marked = rows.filter(({ passages }) => passages.length > 0);
  return (
    <>
      <p role="status">
        {aimed.length > 0 ? (
          <b className="med">
            {aimed.length === 1 ? 'One item carries' : `${aimed.length} items carry`} an instruction that
            names what this action is aimed at.
          </b>
        ) : marked.length > 0 ? (
          'Some text reads like an instruction; none of it names what this action is aimed at.'
        ) : (
          'Nothing in it reads like an instruction.'
        )}{' '}
        <span className="t2">
          {rows.length.toLocaleString('en')} {rows.length === 1 ? 'item' : 'items'} looked through.
        </span>
      </p>
      <ul className="ifind-list">
        {marked.map(({ item, passages }) => (
          <li key={`${item.id} ${item.digest}`}>
            <div className="ifind-head">
              <b className="med">
                <MarkedText text={item.id} />
              </b>
              {item.digest !== undefined && item.text !== undefined && (
                <Rehashed digest={item.digest} text={item.text} />
              )}
              {item.digest !== undefined && (
                <Link
                  className={buttonClass({ small: true })}
                  href={routes.lineage(item.digest, { view: 'touched' })}
                  prefetch={false}
                >
                  What else did this touch?
                </Link>
              )}
            </div>
            {passages.map((passage) => (
              <Passage key={passage.from} passage={passage} text={item.text ?? ''} />
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}

function Rehashed({ digest, text }: { digest: string; text: string }) {
  return recomputeDigest(digest, utf8(text)) === digest ? (
    <span>
      <Word tone="valid">re-hashed here</Word> <Id value={digest} keep={6} copy />
    </span>
  ) : (
    <span>
      <Word tone="invalid">INVALID</Word> it does not digest to <Id value={digest} keep={6} />
    </span>
  );
}

function Passage({ passage, text }: { passage: NamedPassage; text: string }) {
  return (
    <blockquote className="ifind-text">
      <MarkedText text={text.slice(passage.from, passage.to)} />
      <footer className="t2">
        {passage.why}
        {passage.targets.length > 0 && (
          <>
            ; names{' '}
            {passage.targets.map((target) => (
              <Id key={target} value={target} whole />
            ))}
          </>
        )}
      </footer>
    </blockquote>
  );
}
