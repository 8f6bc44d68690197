'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useSearchParams } from 'next/navigation';
import { useEffect, useMemo } from 'react';
import { Button } from '@/components/ui/button';
import { Crumbs } from '@/components/ui/crumbs';
import { Id } from '@/components/ui/id';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Tabs } from '@/components/ui/tabs';
import { DecisionChecks } from '@/components/verification/decision-checks';
import { RequestError } from '@/lib/client/fetch-json';
import { decisionMaterialQuery, decisionQuery } from '@/lib/client/queries/decisions';
import { routes } from '@/lib/client/routes';
import type { TamperSubject } from '@/lib/client/verification/tamper-protocol';
import { useDecisionVerification } from '@/lib/client/verification/use-decision-verification';
import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import { readRecord } from '@/lib/decisions/read-record';
import { decisionBody } from '@/lib/decisions/record-payload';
import { listSpans } from '@/lib/evidence/decision-spans';
import { endingOf, tellStory } from '@/lib/evidence/decision-story';
import { listTimeline } from '@/lib/evidence/decision-timeline';
import { reconstruct } from '@/lib/evidence/reconstruct';
import { DecisionHead } from './decision-head';
import { DecisionTimeline } from './decision-timeline';
import { InstructionFinder } from './instruction-finder';
import { RawRecord } from './raw-record';
import { Reconstruction } from './reconstruction';
import './decision.css';
import './print.css';

const LineageView = dynamic(
  () => import('@/components/lineage/lineage-view').then((module) => module.LineageView),
  {
    ssr: false,
    loading: () => <Skeleton lines={10} label="Drawing the lineage" />,
  },
);

const ExportPanel = dynamic(
  () => import('@/components/evidence/export-panel').then((module) => module.ExportPanel),
  { ssr: false, loading: () => <Skeleton lines={10} label="Opening the export" /> },
);

const DecisionContents = dynamic(
  () => import('@/components/vault/decision-contents').then((module) => module.DecisionContents),
  { ssr: false, loading: () => <Skeleton lines={3} label="Reading what is kept" /> },
);

const TABS = ['reconstruction', 'lineage', 'timeline', 'verification', 'raw', 'export'] as const;
type TabKey = (typeof TABS)[number];

/** One past decision: rebuilt, drawn, told, checked, as it was signed, and to be taken away as evidence. */
export function DecisionScreen({ decisionId, mayExport }: { decisionId: string; mayExport: boolean }) {
  const detail = useQuery(decisionQuery(decisionId));
  if (detail.isPending) {
    return (
      <div className="page">
        <Skeleton lines={18} label="Reading the decision" />
      </div>
    );
  }
  if (detail.isError) {
    const unknown = detail.error instanceof RequestError && detail.error.status === 404;
    return (
      <div className="page">
        <StateBox
          kind={unknown ? 'empty' : 'failing'}
          whole
          title={unknown ? 'No decision has this id here' : 'The decision could not be read'}
          action={
            unknown ? undefined : (
              <Button small onClick={() => detail.refetch()}>
                Read again
              </Button>
            )
          }
        >
          {unknown
            ? 'It may belong to another organisation, or its record has not arrived.'
            : `${detail.error.message} Nothing is said about whether it is whole.`}
        </StateBox>
      </div>
    );
  }
  return <Decision detail={detail.data} mayExport={mayExport} />;
}

function Decision({ detail, mayExport }: { detail: DecisionDetail; mayExport: boolean }) {
  const params = useSearchParams();
  const asked = params.get('tab');
  const tab: TabKey =
    TABS.find((key) => key === asked && (key !== 'export' || mayExport)) ?? 'reconstruction';
  const { row, record } = detail;
  const material = useQuery(decisionMaterialQuery(row.id));
  const run = useDecisionVerification(detail, material.data);
  const { start } = run;
  const told = useMemo(() => {
    const read = record === null ? null : readRecord(record);
    const body = read?.ok ? decisionBody.safeParse(read.value.payload.body) : null;
    const story = tellStory(detail.related);
    return {
      story,
      body: body?.success ? body.data : null,
      payload: read?.ok ? read.value.payload : null,
    };
  }, [detail, record]);

  useEffect(() => start(false), [start]);
  const subject = useMemo<TamperSubject | null>(
    () => (material.data ? { kind: 'decision', detail, material: material.data } : null),
    [detail, material.data],
  );

  const href = (key: TabKey) => `${routes.decision(row.id)}?tab=${key}`;
  const escalation = told.story.submitted.at(-1)?.body.escalation_id ?? row.escalation;
  const ending = endingOf(row.verdict, told.story);
  return (
    <div className="page decision">
      <Crumbs
        items={[{ label: 'Decisions', href: routes.decisions() }, { label: <Id value={row.id} copy /> }]}
      />
      <DecisionHead
        row={row}
        body={told.body}
        producer={told.payload?.producer ?? null}
        ending={ending}
        verification={run.state}
        verificationHref={href('verification')}
      />
      <Tabs
        label="Decision"
        current={tab}
        tabs={[
          { key: 'reconstruction', label: 'Reconstruction', href: href('reconstruction') },
          { key: 'lineage', label: 'Lineage', href: href('lineage') },
          { key: 'timeline', label: 'Timeline', href: href('timeline') },
          { key: 'verification', label: 'Verification', href: href('verification') },
          { key: 'raw', label: 'Raw', href: href('raw') },
          ...(mayExport ? [{ key: 'export' as const, label: 'Export', href: href('export') }] : []),
        ]}
      />
      {detail.sameId.length > 0 && (
        <StateBox kind="empty" title="Another record carries this id">
          Ids are unique within a stream. The newest is shown; {detail.sameId.length} more stand in{' '}
          {detail.sameId.map(({ stream, position }) => `${stream} ${position}`).join(', ')}.
        </StateBox>
      )}
      {material.isError && tab === 'verification' && (
        <StateBox
          kind="failing"
          title="The keys could not be fetched"
          action={
            <Button small onClick={() => material.refetch()}>
              Fetch again
            </Button>
          }
        >
          {material.error.message} Without keys nothing is checked, and nothing is passed.
        </StateBox>
      )}
      {tab === 'verification' && <DecisionChecks run={run} subject={subject} />}
      {tab === 'lineage' && <LineageView node={row.id} embedded />}
      {tab === 'export' && <ExportPanel scope={{ kind: 'decision', decision: row.id }} />}
      {tab === 'raw' && (
        <div className="raws">
          {record && <RawRecord record={record} title="Decision record" />}
          {detail.related.map((view) => (
            <RawRecord key={`${view.stream} ${view.position}`} record={view} title={`${view.kind} record`} />
          ))}
        </div>
      )}
      {(tab === 'reconstruction' || tab === 'timeline') &&
        (record === null || told.body === null || told.payload === null ? (
          <StateBox kind="failing" title="The signed record cannot be read">
            Nothing is rebuilt from a record that is not one. Its bytes are under Raw; what fails is under
            Verification.
          </StateBox>
        ) : tab === 'reconstruction' ? (
          <>
            <Reconstruction
              groups={reconstruct({
                producer: told.payload.producer,
                body: told.body,
                raw: told.payload.body,
                story: told.story,
                detail,
              })}
            />
            <DecisionContents detail={detail} />
            {escalation !== null && <InstructionFinder key={escalation} escalation={escalation} />}
          </>
        ) : (
          <DecisionTimeline
            events={listTimeline(
              { view: record, occurredAt: told.payload.occurred_at, body: told.body },
              told.story,
              detail.people,
              detail.parents,
            )}
            spans={listSpans(told.payload.occurred_at, record, told.story)}
          />
        ))}
    </div>
  );
}
