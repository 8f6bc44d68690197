'use client';

import { type FormEvent, useEffect, useState } from 'react';
import { REASON_WORDS } from '@/components/escalations/escalation-words';
import { SentenceLine } from '@/components/escalations/sentence-line';
import { accessProblem, refusalProblem } from '@/components/reviews/review-problems';
import { VerdictChoice } from '@/components/reviews/verdict-choice';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { TextArea } from '@/components/ui/text-area';
import { TierMark } from '@/components/ui/tier-mark';
import { Word } from '@/components/ui/word';
import { fetchJson, RequestError } from '@/lib/client/fetch-json';
import { type BulkItem, type BulkResult, decideBulkResponse, openBulkResponse } from '@/lib/escalations/bulk';
import type { Verdict } from '@/lib/escalations/escalation-view';
import './flow.css';

const messageOf = (error: unknown) =>
  error instanceof RequestError ? error.message : 'The console did not answer. Try again.';

/** One verdict on each of an exact set: every digest in sight, one statement and one result for each. */
export function BulkDialog({ ids, onClose }: { ids: readonly string[]; onClose: (isDone: boolean) => void }) {
  const [items, setItems] = useState<readonly BulkItem[] | null>(null);
  const [results, setResults] = useState<readonly BulkResult[] | null>(null);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  // Opening the list discloses each of them and starts its reading, as its own page would; the set never changes.
  useEffect(() => {
    const abort = new AbortController();
    fetchJson('/api/v1/escalations/bulk/open', openBulkResponse, {
      method: 'POST',
      body: { ids },
      signal: abort.signal,
    }).then(
      (answer) => setItems(answer.items),
      (error) => abort.signal.aborted || setProblem(messageOf(error)),
    );
    return () => abort.abort();
  }, [ids]);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (verdict === null || items === null || isBusy) return;
    const entered = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      const body = {
        verdict,
        reasonCode: String(entered.get('reason-code') ?? ''),
        reasonText: String(entered.get('reason-text') ?? ''),
        items: items.map(({ id, actionDigest, displayDigest, instance, version }) => ({
          id,
          actionDigest,
          displayDigest,
          instance,
          version,
        })),
      };
      const answer = await fetchJson('/api/v1/escalations/bulk/decide', decideBulkResponse, {
        method: 'POST',
        body,
      });
      setResults(answer.results);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  const isDone = results !== null;
  return (
    <Dialog
      open
      size="wide"
      onClose={() => onClose(isDone)}
      title={`Decide ${ids.length} together`}
      description="Exactly these, each by its digest. Each gets a statement and a result of its own; no gate is lowered for any of them."
      footer={
        <>
          <Button onClick={() => onClose(isDone)}>{isDone ? 'Close' : 'Cancel'}</Button>
          {!isDone && (
            <Button
              variant="primary"
              type="submit"
              form="bulk"
              locked={verdict === null || items === null}
              busy={isBusy}
            >
              {verdict === null ? 'Decide' : verdict === 'approve' ? 'Approve' : 'Deny'} each of these{' '}
              {ids.length}
            </Button>
          )}
        </>
      }
    >
      {items === null && problem === null && <Skeleton lines={6} label="Opening the escalations" />}
      {items !== null && (
        <ul className="bulk-list" aria-label="What is decided">
          {items.map((item) => (
            <li key={item.id}>
              <p>
                <SentenceLine sentence={item.sentence} />
              </p>
              <div className="meta">
                <TierMark tier={item.tier} />
                <Fingerprint digest={item.actionDigest} />
                <Id value={item.actionDigest} label="action digest" />
                <ItemResult item={item} result={results?.find(({ id }) => id === item.id)} />
              </div>
            </li>
          ))}
        </ul>
      )}
      {items !== null && !isDone && (
        <form id="bulk" className="bulk-form" method="post" onSubmit={(event) => void onSubmit(event)}>
          <VerdictChoice value={verdict} isDisabled={isBusy} onChoose={setVerdict} />
          {verdict !== null && (
            <>
              <Field label="Reason">
                {(control) => (
                  <Select
                    {...control}
                    name="reason-code"
                    options={Object.entries(REASON_WORDS[verdict]).map(([value, label]) => ({
                      value,
                      label,
                    }))}
                  />
                )}
              </Field>
              <Field label="In your words" hint="The same for each of them.">
                {(control) => <TextArea {...control} name="reason-text" maxLength={2000} required />}
              </Field>
            </>
          )}
        </form>
      )}
      {isDone && (
        <p role="status">
          {results.filter(({ ok }) => ok).length} of {results.length} decided.
        </p>
      )}
      {problem !== null && (
        <p className="err" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}

function ItemResult({ item, result }: { item: BulkItem; result: BulkResult | undefined }) {
  if (result === undefined)
    return item.code === null ? null : <span className="dim">{accessProblem(item.code).title}</span>;
  if (!result.ok)
    return (
      <span>
        <Word tone="waiting">Not decided</Word>{' '}
        {refusalProblem(result.code, result.detail ?? undefined).title}
        {result.detail !== null && `: ${result.detail}`}
      </span>
    );
  const { verdict, state } = result.answer;
  return (
    <Word tone={verdict === 'approve' ? 'allow' : 'refuse'}>
      {verdict === 'approve'
        ? state === 'approved'
          ? 'Approved'
          : 'Approved; others must still decide'
        : 'Denied'}
    </Word>
  );
}
