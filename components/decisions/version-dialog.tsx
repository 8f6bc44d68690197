'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { type DiffLine, diffLines } from '@/lib/analytics/diff-lines';
import { RequestError } from '@/lib/client/fetch-json';
import { versionContentQuery, versionHistoryQuery } from '@/lib/client/queries/versions';
import { utf8 } from '@/lib/core/bytes';
import { recomputeDigest } from '@/lib/core/recompute-digest';
import type { VersionRef } from '@/lib/evidence/evidence-value';
import type { VersionEntry } from '@/lib/producers/version-history';

/** The very text of a version that was active then, digested again here, and what it differs in from another, for instance now. */
export function VersionDialog({ version, onClose }: { version: VersionRef; onClose: () => void }) {
  const history = useQuery(versionHistoryQuery(version.kind, version.name));
  const then =
    history.data?.versions.find(({ digest }) => digest === version.digest) ??
    history.data?.versions.find((each) => each.version === version.version && each.held) ??
    history.data?.versions.find((each) => each.version === version.version);
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={
        <>
          <MarkedText text={version.name} /> <MarkedText text={version.version} />, as of then
        </>
      }
      description={`${version.kind} ${version.digest === null ? 'that the record names by version only' : 'that the record names by digest'}`}
    >
      {history.isPending ? (
        <Skeleton lines={8} label="Reading the versions" />
      ) : history.isError ? (
        <StateBox
          kind="failing"
          title="The versions could not be read"
          action={
            <Button small onClick={() => history.refetch()}>
              Read again
            </Button>
          }
        >
          {history.error.message}
        </StateBox>
      ) : then === undefined ? (
        <StateBox kind="empty" title="Nothing more is known of it">
          No record and no registration speaks of this version.
        </StateBox>
      ) : (
        <Versions then={then} all={history.data.versions} named={version.digest} />
      )}
    </Dialog>
  );
}

function Versions({
  then,
  all,
  named,
}: {
  then: VersionEntry;
  all: readonly VersionEntry[];
  /** Digest that the decision's record names, or null. */
  named: string | null;
}) {
  const others = all.filter(({ digest, held }) => digest !== then.digest && held);
  const [other, setOther] = useState(others[0]?.digest ?? '');
  return (
    <div className="asof">
      <p className="t2">
        First seen <Time at={then.firstSeenAt} />
        {then.registered ? (
          <>
            , content registered by <Id value={then.registered.producer} whole /> on{' '}
            <Time at={then.registered.at} /> (record {then.registered.record.position.toLocaleString('en')} of{' '}
            <Id value={then.registered.record.stream} whole />)
          </>
        ) : (
          ', content never registered by a producer'
        )}
        .
      </p>
      <Text digest={then.digest} isNamed={named === then.digest} />
      {others.length > 0 && (
        <>
          <div className="asof-with">
            <span>Compare with</span>
            <Select
              compact
              aria-label="Compare with"
              value={other}
              onChange={(event) => setOther(event.target.value)}
              options={others.map((each, at) => ({
                value: each.digest,
                label: `${each.version}${at === 0 && all[0]?.digest === each.digest ? ', the newest' : ''}`,
              }))}
            />
          </div>
          <Difference before={then.digest} after={other} />
        </>
      )}
      {others.length === 0 && all.length > 1 && (
        <p className="t2">Of its other versions only names and digests are known here: nothing to compare.</p>
      )}
    </div>
  );
}

function Text({ digest, isNamed }: { digest: string; isNamed: boolean }) {
  const content = useQuery(versionContentQuery(digest));
  if (content.isPending) return <Skeleton lines={6} label="Reading the content" />;
  const gone = content.isError && content.error instanceof RequestError && content.error.status === 404;
  if (content.isError && !gone)
    return (
      <StateBox kind="failing" title="The content could not be read">
        {content.error.message}
      </StateBox>
    );
  const text = content.data?.content ?? null;
  if (text === null)
    return (
      <StateBox kind="empty" title="Only the digest is known">
        <Id value={digest} whole copy /> Nobody has registered the content; a text that is found elsewhere can
        be held against this digest.
      </StateBox>
    );
  const computed = recomputeDigest(digest, utf8(text));
  return (
    <>
      <p className="asof-digest">
        {computed === digest ? (
          <>
            <Word tone="valid">VALID</Word> digested here: <Fingerprint digest={digest} />{' '}
            <Id value={digest} keep={8} copy />
            {isNamed
              ? ', the very digest that the signed record names'
              : ', which the decision’s record does not name'}
          </>
        ) : (
          <>
            <Word tone="invalid">INVALID</Word> what is held here digests to{' '}
            <Id value={computed ?? 'nothing'} keep={8} />, not to <Id value={digest} keep={8} />
          </>
        )}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="rawb asof-text" tabIndex={0} aria-label="Content as of then">
        <MarkedText text={text} />
      </section>
    </>
  );
}

const SIGNS: Record<DiffLine['kind'], string> = { same: ' ', removed: '−', added: '+' };
const WORDS: Record<DiffLine['kind'], string> = { same: '', removed: 'removed: ', added: 'added: ' };

function Difference({ before, after }: { before: string; after: string }) {
  const [then, now] = [useQuery(versionContentQuery(before)), useQuery(versionContentQuery(after))];
  if (then.isPending || now.isPending) return <Skeleton lines={4} label="Comparing" />;
  const [left, right] = [then.data?.content, now.data?.content];
  if (left == null || right == null) return <p className="t2">One of the two is known by its digest only.</p>;
  if (recomputeDigest(after, utf8(right)) !== after)
    return (
      <p className="t2">What is held of the other one is not what its digest names: nothing is compared.</p>
    );
  const lines = diffLines(left, right);
  if (lines === null) return <p className="t2">They differ in too many lines to set side by side.</p>;
  if (lines.every(({ kind }) => kind === 'same')) return <p className="t2">The texts are the same.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="cdiff" aria-label="Differences line by line" tabIndex={0}>
      {lines.map(({ kind, text }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity than their place
        <div key={at} className={kind}>
          <span aria-hidden="true">{SIGNS[kind]}</span>
          <span className="vh">{WORDS[kind]}</span>
          <MarkedText text={text} />
        </div>
      ))}
    </section>
  );
}
