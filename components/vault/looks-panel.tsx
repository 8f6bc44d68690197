'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { type Column, DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { looksQuery } from '@/lib/client/queries/vault';
import { IDENTIFIER_TYPE_NAMES } from '@/lib/vault/identifier-type';
import type { LookView } from '@/lib/vault/look-request';
import { LOOK_PURPOSE_NAMES } from '@/lib/vault/purpose';
import { TargetLink } from './target-link';

const COLUMNS: readonly Column<LookView>[] = [
  { key: 'at', head: 'When', cell: ({ at }) => <Time at={at} /> },
  { key: 'by', head: 'Who', cell: ({ by, authority }) => <Who name={by.name} note={authority} /> },
  { key: 'what', head: 'What', cell: (look) => <What look={look} /> },
  {
    key: 'why',
    head: 'Why',
    cell: ({ purpose, caseRef }) => <Who name={LOOK_PURPOSE_NAMES[purpose]} note={caseRef} />,
  },
  {
    key: 'granted',
    head: 'Granted by',
    cell: ({ grantedBy }) => grantedBy?.name ?? <span className="dim">nobody: alone</span>,
  },
  { key: 'position', head: 'Record', figures: true, cell: ({ position }) => `№ ${position}` },
];

function Who({ name, note }: { name: string; note: string }) {
  return (
    <>
      {name} <span className="dim">{note.replace('_', ' ')}</span>
    </>
  );
}

function What({ look }: { look: LookView }) {
  const { kind, target, identifierType, found } = look;
  const type = identifierType === null ? 'identifier' : IDENTIFIER_TYPE_NAMES[identifierType].toLowerCase();
  if (kind === 'payload')
    return <>read contents of {target === null ? 'a decision' : <TargetLink target={target} />}</>;
  if (!found || target === null) return <>looked for a {type}: nobody</>;
  return kind === 'find' ? (
    <>
      from a {type} to <TargetLink target={target} />
    </>
  ) : (
    <>
      from <TargetLink target={target} /> to a {type}
    </>
  );
}

/** Every look behind a token or a digest: who, when, why, what. */
export function LooksPanel() {
  const looks = useInfiniteQuery(looksQuery());
  const rows = looks.data?.pages.flatMap((page) => page.looks) ?? [];
  return (
    <Panel title="Looks behind tokens" note="each is a signed record, made before its answer left" flush>
      {looks.isPending && (
        <div className="vgap">
          <Skeleton lines={6} label="Reading the looks" />
        </div>
      )}
      {looks.isError && rows.length === 0 && (
        <StateBox
          kind="failing"
          title="The looks could not be read"
          action={
            <Button small onClick={() => looks.refetch()}>
              Read again
            </Button>
          }
        >
          {looks.error.message} Nobody can look without a record; this list only shows them.
        </StateBox>
      )}
      {looks.data && rows.length === 0 && (
        <StateBox kind="empty" title="Nobody has looked behind a token yet">
          The first look appears here with its purpose and case.
        </StateBox>
      )}
      {rows.length > 0 && (
        <DataTable
          caption="Looks behind tokens"
          columns={COLUMNS}
          rows={rows}
          rowKey={({ id }) => id}
          tight
        />
      )}
      {looks.hasNextPage && (
        <p className="vgap">
          <Button small busy={looks.isFetchingNextPage} onClick={() => looks.fetchNextPage()}>
            Earlier looks
          </Button>
        </p>
      )}
    </Panel>
  );
}
