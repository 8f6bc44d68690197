'use client';

import { Badge } from '@/components/ui/badge';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Select } from '@/components/ui/select';
import type { ShownFile } from '@/lib/client/verification/use-artefact-verification';
import { ARTEFACT_WORDS } from '@/lib/evidence/artefact/artefact-kind';
import type { SummaryLine } from '@/lib/evidence/artefact/artefact-report';
import { ROOT_WORDS } from '@/lib/evidence/trust/root-words';
import type { TrustRoot, TrustRootKind } from '@/lib/evidence/trust/trust-root';
import { CheckRow, RunningRow } from './check-row';
import { OfferedRoots } from './offered-roots';
import { SectionList } from './section-list';

const WORDS = { valid: 'VALID', invalid: 'INVALID', 'not-checked': 'NOT CHECKED' } as const;
const KEY_KINDS = [
  'rekor-log',
  'anchor-key',
  'store-audit-key',
  'ledger-key',
  'timestamp-authority',
  'ledger-service',
] as const;

function bytesText(size: number): string {
  if (size < 10_000) return `${size.toLocaleString('en')} bytes`;
  return size < 10_000_000
    ? `${Math.round(size / 1_000).toLocaleString('en')} kB`
    : `${(size / 1_000_000).toFixed(1)} MB`;
}

/** What one dropped file is, what it says, and every line of its verification. */
export function ArtefactPanel({
  file,
  running,
  pinned,
  onPin,
  onKind,
}: {
  file: ShownFile;
  running: boolean;
  pinned: ReadonlySet<string>;
  onPin: (roots: readonly TrustRoot[]) => void;
  /** Says what the bare key in this file is to be trusted for. */
  onKind: (name: string, kind: TrustRootKind) => void;
}) {
  const { report, checks, sections, progress } = file;
  const invalid = checks.filter(({ verdict }) => verdict === 'invalid');
  const needsKind = checks.some(({ code }) => code === 'trust_kind_needed');
  return (
    <article className="artefact" data-file={file.name} data-verdict={report?.verdict ?? 'running'}>
      <Panel
        title={<MarkedText text={file.name} />}
        note={`${ARTEFACT_WORDS[file.kind].title}, ${bytesText(file.size)}`}
        end={report && <Badge tone={report.verdict}>{WORDS[report.verdict]}</Badge>}
        flush
      >
        {report && report.summary.length > 0 && <Summary lines={report.summary} />}
        <ol className="checks" aria-label={`Checks of ${file.name}`}>
          {[...invalid, ...checks.filter(({ verdict }) => verdict !== 'invalid')].map((check, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a file may hold two lines of one name
            <CheckRow key={`${check.id} ${at}`} check={check} tookMs={check.tookMs} />
          ))}
          {running && !report && (
            <RunningRow
              title={ARTEFACT_WORDS[file.kind].title}
              words={progress ? progressWords(progress) : ''}
            />
          )}
        </ol>
        {running && !report && progress && (
          <ProgressBar
            label={`Progress of ${file.name}`}
            value={progress.done}
            max={Math.max(1, progress.total)}
          />
        )}
        {sections.length > 0 && <SectionList sections={sections} />}
        {needsKind && (
          <p className="panel-body keykind">
            <Select
              compact
              aria-label={`What ${file.name} is to be trusted for`}
              placeholder="It is to be trusted as…"
              defaultValue=""
              options={KEY_KINDS.map((kind) => ({ value: kind, label: ROOT_WORDS[kind].name }))}
              onChange={(event) => onKind(file.name, event.target.value as TrustRootKind)}
            />
          </p>
        )}
        {report && report.offered.length > 0 && (
          <OfferedRoots roots={report.offered} pinned={pinned} onPin={onPin} />
        )}
        {report && report.notes.length > 0 && (
          <ul className="artefact-notes">
            {report.notes.map((note) => (
              <li key={note}>
                <MarkedText text={note} />
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </article>
  );
}

function progressWords({ words, done, total }: { words: string; done: number; total: number }): string {
  return `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${words}`;
}

function Summary({ lines }: { lines: readonly SummaryLine[] }) {
  return (
    <dl className="vsummary">
      {lines.map(({ label, text, form }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: labels repeat where two people approved
        <div key={at}>
          <dt>{label}</dt>
          <dd>
            {form === 'id' ? (
              <Id value={text} keep={8} copy label={label.toLowerCase()} />
            ) : (
              <MarkedText text={text} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
